export {
  Progress,
  type ProgressOptions,
  type ProgressState,
  type ProgressStream,
  type ProgressStyle,
  progressText,
  type Step,
} from './progress.ts';
