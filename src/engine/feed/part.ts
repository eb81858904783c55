/** Parts of the state that cross as a whole when anything in them changed. */
export const PARTS = [
  'link',
  'storage',
  'alerts',
  'rules',
  'subscriptions',
  'problems',
  'counters',
  'policy',
] as const;

export type Part = (typeof PARTS)[number];
