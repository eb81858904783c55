import type { CommandFilter } from '../model/command-filter.ts';
import type { BrokerProfile, Credential } from '../model/broker.ts';
import type { Command, Handling } from '../model/command.ts';
import type { ConfigChange } from '../model/config/config-change.ts';
import type { DescriptionDocument, DescriptionReading, DeviceKey } from '../model/device.ts';
import type {
  DescribeAnswer,
  DescribeRequest,
  DraftAnswer,
  DraftRequest,
  LocalRequest,
} from './descriptions.ts';
import type { AlertRule } from '../model/alert/rule.ts';
import type { Diagnosis } from '../model/doctor/findings.ts';
import type { LinkSettings } from '../model/link-settings.ts';
import type { Value } from '../model/sample.ts';
import type { SeriesId } from './frame.ts';
import type { LinkReport } from './link-report.ts';
import type { HistorySettings } from '../model/history-settings.ts';
import type { CommandExportPage, CommandLogAnswer, CommandLogRequest } from './command-log.ts';
import type { EventsAnswer, EventsRequest, HistoryUsage } from './past.ts';
import type { TryAnswer, TryRequest } from './rules.ts';
import type { ExportPage, OverviewAnswer, OverviewRequest, SeriesAnswer, SeriesRequest } from './series.ts';

/** What a page sends to have a command carried out. */
export interface SendRequest {
  readonly device: DeviceKey;
  readonly name: string;
  readonly args: unknown;
  /** JSON as typed, in place of name and args. */
  readonly raw?: string;
  /** How it goes; only with `raw`. */
  readonly handling?: Handling;
  /** Seconds from now until nobody should carry it out any more; 60 when not given. */
  readonly ttl?: number;
  /**
   * Given by the engine that a page first asks: whoever carries the request out uses this id and counts `ttl` from `at`
   * (epoch ms), so that asking a second time cannot make it two commands.
   */
  readonly id?: string;
  readonly at?: number;
  readonly confirms?: { readonly channel: string; readonly equals: Value };
  /** Asks for a configuration: see {@link Command}. */
  readonly config?: Command['config'];
}

/** One command to many devices, one after the other. */
export interface BatchRequest extends Omit<SendRequest, 'device'> {
  readonly devices: readonly DeviceKey[];
  /** What goes to each of them, in their order, where it is not the same for all. */
  readonly each?: readonly Pick<SendRequest, 'args' | 'config'>[];
  /** At most so many go in a second. `ttl` counts from each one's turn. */
  readonly perSecond: number;
}

export interface HomeRequest {
  /** The page's base path. */
  readonly base: string;
  readonly profile: BrokerProfile;
  readonly username: string;
}

/** What is on screen, so that only that is sent in full. */
export interface Watch {
  /** Channels whose every sample is wanted. */
  readonly series: readonly SeriesId[];
  /** Devices whose last raw message and problems are wanted. */
  readonly devices: readonly DeviceKey[];
  /** Further devices on the screen, whose values are wanted and nothing else of them. */
  readonly shown?: readonly DeviceKey[];
}

/** What a person changes about the link to the broker. What is missing stays as it is. */
export interface LinkChange extends Partial<LinkSettings> {
  /** Another client uses ours: connect with a new one. */
  readonly newClientId?: true;
}

/** What is to be found out about a broker that does not let this page in. */
export interface DiagnoseRequest {
  readonly profile: BrokerProfile;
  readonly username?: string;
  /** As typed; the one that is signed in with where it is missing. */
  readonly credential?: Credential;
  /** The origin of the page. */
  readonly page: string;
  /** This browser was connected to it with this name before. */
  readonly workedBefore: boolean;
  /** The link stopped, since another client uses its client id. */
  readonly takenOver: boolean;
}

/** Everything a page can ask of the engine; each is answered once. A refusal rejects with one clear sentence. */
export interface Calls {
  /** Opens a home without a link: what this browser remembers of it becomes the fleet. */
  open(request: HomeRequest): void;
  /** Opens the home and connects. Answers when the broker has answered; rejects with the reason if it refused. */
  signIn(request: HomeRequest & { readonly credential: Credential }): void;
  /** Ends the link and forgets the credential. The history stays. */
  signOut(): void;
  /**
   * Gives up this tab's seat at the home, and shows nothing of it any more. The other tabs stay signed in: one of them has
   * the link from now on, or it ends with the last.
   */
  leave(): void;
  /** Tries to connect now instead of at the next attempt. A link that there is has 3 s to prove itself. */
  retryNow(byHand?: boolean): void;
  changeLink(change: LinkChange): void;
  /** What goes over the link, and what went wrong with it; asked again and again by a page that looks. */
  linkReport(): LinkReport;
  /** Checks step by step why a broker cannot be used, for each of its addresses; takes up to half a minute. */
  diagnose(request: DiagnoseRequest): readonly Diagnosis[];
  /** Asks the broker again for a filter that it closed the connection over. */
  askAgain(filter: string): void;
  send(request: SendRequest): Command;
  /** Answers with the id of the batch when all of it is stored; it goes on by itself. */
  sendMany(request: BatchRequest): string;
  /** What of a batch was not sent yet is not sent. */
  stopBatch(id: string): void;
  cancel(id: string): void;
  watch(watch: Watch): void;
  /** Watches by these rules of one's own from now on. Answers when they are stored. */
  setRules(rules: readonly AlertRule[]): void;
  /** Takes up the site's rules, as they were offered under that revision. */
  adoptRules(revision: number): void;
  /** Puts rules on the broker for everybody who is signed in there; none takes them away. */
  publishRules(rules: readonly AlertRule[]): void;
  /** Runs a rule over what is stored, one step a call. */
  tryRule(request: TryRequest): TryAnswer;
  /** Somebody knows of the alerts with these ids. */
  acknowledge(ids: readonly string[]): void;
  /** What stands at the broker about a device; `null` for nothing, `undefined` while it may still come. */
  describedAs(device: DeviceKey): DescriptionDocument | null | undefined;
  /** A description as it would be published; nothing is sent. */
  draftDescription(request: DraftRequest): DraftAnswer;
  /** What a document from a file says. */
  readDescription(device: DeviceKey, document: DescriptionDocument): DescriptionReading;
  /** Describes a device for everybody, unless somebody else did meanwhile. */
  describe(request: DescribeRequest): DescribeAnswer;
  /** Describes a device in this browser only; nothing is published. Answers when it is stored. */
  describeLocally(request: LocalRequest): void;
  series(request: SeriesRequest): SeriesAnswer;
  overview(request: OverviewRequest): OverviewAnswer;
  events(request: EventsRequest): EventsAnswer;
  /** The commands that were sent from this installation. */
  commandLog(request: CommandLogRequest): CommandLogAnswer;
  /** They as NDJSON, in pages. */
  exportCommands(filter: CommandFilter, before?: number): CommandExportPage;
  /** The newest changes of what is asked of a device, newest first, at most 100. */
  configHistory(device: DeviceKey): readonly ConfigChange[];
  usage(): HistoryUsage;
  settings(): HistorySettings;
  /** Answers when they are stored and what they drop is gone. */
  setSettings(settings: Partial<HistorySettings>): void;
  /** Makes what was received so far durable. Answers whether it can be read from the home's database. */
  flush(): boolean;
  /** NDJSON of one device, complete to the last durable sample, in pages of at most 50,000 samples. */
  exportHistory(device: DeviceKey, cursor?: number): ExportPage;
  /** Deletes the home's database: samples, devices, commands and the descriptions of this browser. */
  forgetHistory(): void;
}

export type CallName = keyof Calls;
