/** Sentences that concern the whole page. */
export class Messages {
  /** The last notice of the engine, for those who listen to the page. */
  notice = $state('');
  /** Why the engine no longer answers. */
  ended = $state<string>();
  /** Why config.json cannot be used. */
  config = $state<string>();
}
