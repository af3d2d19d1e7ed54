export {
  DataNotFoundError,
  GzipError,
  HashMismatchError,
  type IdxField,
  IdxFormatError,
  MnistDataError,
} from './errors.ts';
export { MNIST, type MnistFile, type SplitFacts } from './facts.ts';
export { type Idx, type IdxType, readIdx, writeIdx } from './idx.ts';
export { type LoadOptions, loadMnist, type Mnist, type Provenance, type Split } from './loadMnist.ts';
export type { VerifiedFile } from './verifiedFile.ts';
