// The names of the array API's extension `linalg`.

export { cholesky } from './linalg/cholesky.ts';
export { det, slogdet } from './linalg/determinant.ts';
export { eigh, eigvalsh } from './linalg/eigh.ts';
export { matrixNorm, matrixRank, vectorNorm } from './linalg/norms.ts';
export { pinv } from './linalg/pinv.ts';
export { cross, matrixPower, outer, tensordot, trace, vecdot } from './linalg/products.ts';
export { qr } from './linalg/qr.ts';
export { inverse as inv, solve } from './linalg/solve.ts';
export { svd, svdvals } from './linalg/svd.ts';
export { diagonal } from './manipulation.ts';
export { matmul } from './matmul.ts';
export { transpose as matrixTranspose } from './movement.ts';
