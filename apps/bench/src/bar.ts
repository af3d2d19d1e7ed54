export interface Finding {
  readonly found: string;
  /** Absent for a figure that stands beside a bar and has none. */
  readonly met?: boolean;
}

/** What is held to, and how it is measured. */
export interface Bar {
  readonly what: string;
  readonly bar: string;
  measure(): Finding | Promise<Finding>;
}

/** Measures the bars whose name contains a part, prints them, and fails the process unless all are met. */
export async function report(bars: readonly Bar[], part = ''): Promise<void> {
  let unmet = 0;
  for (const { what, bar, measure } of bars.filter(({ what }) => what.includes(part))) {
    const { found, met } = await measure();
    if (met === false) unmet++;
    const verdict = met === undefined ? '     ' : met ? 'met  ' : 'UNMET';
    console.log(`${verdict}  ${what}\n       bar ${bar}   found ${found}`);
  }
  console.log(unmet === 0 ? '\nEvery bar is met.' : `\n${unmet} bars are not met.`);
  process.exitCode = unmet === 0 ? 0 : 1;
}
