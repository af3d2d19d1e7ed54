import { loadDigits } from '/work/wt-data/examples/digits.ts';
import { sgd } from '/work/wt-data/examples/a4-sgd.ts';
const data = await loadDigits();
for (const seed of [1,2,3,4,5,6,7,8]) for (const zeroesGradients of [false, true]) { const t=performance.now(); const r = sgd(data, {seed, zeroesGradients}); console.log(seed, zeroesGradients, r.accuracies.at(-1), Math.max(...r.accuracies), r.deadUnits, r.losses.slice(-100).reduce((a,b)=>a+b)/100, Math.round(performance.now()-t)); }
