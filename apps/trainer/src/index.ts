export { type Activation, activationOf } from './activation.ts';
export { Classifier, type Digits } from './classifier.ts';
export { DivergedError, UsageError } from './errors.ts';
export {
  Progress,
  type ProgressOptions,
  type ProgressState,
  type ProgressStream,
  type ProgressStyle,
  progressText,
  type Step,
} from './progress.ts';
export { DEFAULTS, type OptimizerName, type StepReport, Training, type TrainingOptions } from './train.ts';
