// Words for what has a number: margin units, statuses, sides.
import type { Status } from 'margin-kernel/reference/var';

export const unitName = (bucket: number): string => (bucket === 0 ? 'Cross' : `Isolated ${bucket}`);

export const STATUS_WORDS: Readonly<Record<Status, string>> = {
  healthy: 'Healthy',
  warning: 'No room to open',
  liquidatable: 'Liquidated now',
  bankrupt: 'Bankrupt',
};

/** The worst comes first. */
export const SEVERITY: readonly Status[] = ['bankrupt', 'liquidatable', 'warning', 'healthy'];

export const sideName = (size: number): string => (size < 0 ? 'short' : 'long');
