// How much of the kernels' memory tensors take.

import { liveBytes } from '@leibniz/kernels';

/** Smaller arrays are not worth a place: copying them costs less. */
const LEAST_SIZE = 8;

/** Beyond this, arrays are ordinary ones from the start. */
const MOST_BYTES = 2 ** 30;

/** Whether an array of so many floats should have a place there. */
export const hasRoom = (size: number): boolean => size >= LEAST_SIZE && liveBytes() <= MOST_BYTES;
