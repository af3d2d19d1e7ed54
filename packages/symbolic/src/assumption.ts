/** What is known of a variable besides that it is real. */
export type Assumption = 'real' | 'positive';
