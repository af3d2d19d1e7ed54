// The derivative of x² at 3, in the three ways of the chapter: as a ratio of intervals, by an infinitesimal, by rule.
import { dual, ops } from '@leibniz/ops';
import { diff, equal, evaluate, fold, simplify, substitute } from '@leibniz/symbolic';

const f = 'x^2';

/** How many times as long as an interval its image is; texts are exact: 2.9 is 29/10. */
function ratioOfIntervals(from: string, to: string): string {
  const at = (x: string) => substitute(f, { x });
  return String(simplify(`(${at(to)} - ${at(from)})/(${to} - ${from})`));
}

/** f(3 + ε) = f(3) + f'(3)ε, where ε² = 0: dual numbers compute with the infinitesimal itself. */
const infinitesimally = () => fold(f, dual(ops.numbers), { x: { value: 3, tangent: 1 } });

export function derivativeOfASquare() {
  return {
    ratios: {
      '(2.9, 3.1)': ratioOfIntervals('2.9', '3.1'),
      '(2.99, 3.01)': ratioOfIntervals('2.99', '3.01'),
      '(3, 3.1)': ratioOfIntervals('3', '3.1'),
      '(3, 3.01)': ratioOfIntervals('3', '3.01'),
    },
    // Of a square, and around the middle, the ratio is the derivative whatever the length.
    aroundTheMiddle: equal('((x + h)^2 - (x - h)^2)/(2h)', diff(f, 'x')).verdict,
    infinitesimal: infinitesimally(),
    rule: String(diff(f, 'x')),
    ruleAt3: evaluate(diff(f, 'x'), { x: 3 }),
  };
}

if (import.meta.main) console.dir(derivativeOfASquare());
