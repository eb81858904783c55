/** Light, dark, or whatever the system asks for. */
export type ThemeChoice = 'auto' | 'light' | 'dark';
export type FleetView = 'cards' | 'table';

const KEY = 'telltale:preferences';

function storedChoice<Choice extends string>(field: string, choices: readonly [Choice, ...Choice[]]): Choice {
  try {
    const value = new Map<string, unknown>(
      Object.entries(JSON.parse(localStorage.getItem(KEY) ?? '{}') as object),
    );
    return choices.find((choice) => choice === value.get(field)) ?? choices[0];
  } catch {
    return choices[0];
  }
}

/** How this browser likes to see things. */
export class Preferences {
  #theme = $state<ThemeChoice>(storedChoice('theme', ['auto', 'light', 'dark']));
  #view = $state<FleetView>(storedChoice('view', ['cards', 'table']));
  #systemDark = matchMedia('(prefers-color-scheme: dark)');
  /** What `theme` comes to right now. Charts read their colours anew when it changes. */
  shade = $state<'light' | 'dark'>('light');

  constructor() {
    this.#systemDark.addEventListener('change', () => this.#applyTheme());
    this.#applyTheme();
  }

  get theme(): ThemeChoice {
    return this.#theme;
  }

  set theme(theme: ThemeChoice) {
    this.#theme = theme;
    this.#applyTheme();
    this.#store();
  }

  get view(): FleetView {
    return this.#view;
  }

  set view(view: FleetView) {
    this.#view = view;
    this.#store();
  }

  #applyTheme(): void {
    const system = this.#systemDark.matches ? 'dark' : 'light';
    this.shade = this.#theme === 'auto' ? system : this.#theme;
    document.documentElement.dataset['theme'] = this.shade;
  }

  #store(): void {
    try {
      localStorage.setItem(KEY, JSON.stringify({ theme: this.#theme, view: this.#view }));
    } catch {
      // Without storage the choice lasts as long as the page.
    }
  }
}
