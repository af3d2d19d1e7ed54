// Second names: those of the array API standard where ours are those of the table of scalar functions, or NumPy's.

export { tensor as asarray, zeros as empty, zerosLike as emptyLike } from './create.ts';
export {
  div as divide,
  inv as reciprocal,
  mul as multiply,
  neg as negative,
  sub as subtract,
} from './functions.ts';
export { transpose as matrixTranspose } from './movement.ts';
export { variance as var } from './statistics.ts';
