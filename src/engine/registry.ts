import type { Convention } from '../model/convention.ts';

const modules = import.meta.glob<Convention>(['../conventions/*.ts', '../conventions/*/convention.ts'], {
  eager: true,
  import: 'convention',
});

/** Every convention on the shelf `src/conventions/`. */
export const conventions: readonly Convention[] = Object.values(modules);
