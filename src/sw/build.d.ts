/** What the build puts in front of the finished sw.js (vite.config.ts). */
declare const BUILD: {
  /** Changes when any file of the shell does. */
  readonly id: string;
  /** The page's own meta CSP. */
  readonly policy: string;
  /** Every file of the shell, relative to sw.js (`./` is the page), and its digest as in `integrity`. */
  readonly shell: readonly (readonly [path: string, integrity: string])[];
};
