export { Adam, type AdamOptions, scaleByAdam } from './adam.ts';
export { OptimizerError } from './errors.ts';
export { Optimizer, type OptimizerState, type Slot } from './optimizer.ts';
export { SGD, type SGDOptions, scaleByMomentum } from './sgd.ts';
export { applyUpdates, chain, scaleByLearningRate, type Transform } from './transform.ts';
