export {
  DataNotFoundError,
  GzipError,
  HashMismatchError,
  type IdxField,
  IdxFormatError,
  MnistDataError,
} from './errors.ts';
export { type Idx, type IdxType, readIdx, writeIdx } from './idx.ts';
