import type { HistoryEvent } from '../../model/history-event.ts';
import { OUTCOME_WORD } from './command-words.ts';
import { visibleText } from './visible-text.ts';

const STATUS = { online: 'Online', offline: 'Offline', unknown: 'Status not known any more' } as const;

/** What happened, as one short sentence without its time. */
export function eventWords(event: HistoryEvent): string {
  switch (event.kind) {
    case 'status':
      return `${STATUS[event.online]}.`;
    case 'command': {
      const error = event.error === undefined ? '' : ` ${visibleText(event.error)}`;
      const what = event.config ? 'Configuration asked for' : `Command ${visibleText(event.name)}`;
      return `${what} by ${visibleText(event.by)}: ${OUTCOME_WORD[event.outcome].toLowerCase()}.${error}`;
    }
    case 'alert':
      return event.state === 'firing'
        ? `Alert: ${visibleText(event.text)}`
        : event.state === 'acknowledged'
          ? `Acknowledged by ${visibleText(event.by ?? 'somebody')}: ${visibleText(event.text)}`
          : `Over: ${visibleText(event.text)}`;
    case 'problem':
      return visibleText(event.message);
  }
}
