// The data that the page is made with: page_data.cpp writes it.

export type Verdict = "pass" | "skipped" | "unsupported" | "warn" | "partial" | "blocked" | "error" | "fail";

/** The gravest first. */
export const verdicts: readonly Verdict[] =
    ["fail", "error", "blocked", "partial", "warn", "unsupported", "skipped", "pass"];

export interface NamedValue { name: string; value: string }

/** A setting that left something out of the run. */
export interface Restriction { setting: string; value: string; origin: string; leaves_out: string; deliberate: boolean }

/** What was chosen of the suite. */
export interface Part { scenarios_run: number; scenarios_in_suite: number; restrictions: Restriction[] }

export interface Exchange {
  index: number;
  purpose: string;
  method: string;
  url: string;
  request_headers: NamedValue[];
  request_body_bytes: number;
  request_body: string;
  status: number;
  response_headers: NamedValue[];
  response_body_bytes: number;
  response_body: string;
  error: string;
  started_us: number;
  took_us: number;
}

export interface Check {
  requirement: string;
  spec: string;
  section: string;
  level: string;
  verdict: Verdict;
  statement: string;
  expected: string;
  received: string;
  exchange?: number;
  curl: string;
  allowed: string;
  /** "MUST", "definition, MUST" or "advice". */
  binding: string;
  /** Why a failure only warns in this run; mostly empty. */
  capped: string;
  /** What is worth saying of a pass; mostly empty. */
  note: string;
}

export interface Scenario {
  id: string;
  title: string;
  category: string;
  verdict: Verdict;
  reason: string;
  blocked_by: string;
  judges: string[];
  checks: Check[];
  exchanges: number;
  took_us: number;
  transcript: Exchange[];
}

export interface Category {
  category: string;
  verdict: Verdict;
  scenarios: Partial<Record<Verdict, number>>;
  checks: Partial<Record<Verdict, number>>;
}

export interface Run {
  suite_version: string;
  run_id: string;
  registry: string;
  spec_version: string;
  profile: string;
  started: string;
  took_us: number;
  seed: string;
  verdict: Verdict;
  reason: string;
  part?: Part;
  requests: number;
  bytes_sent: number;
  bytes_received: number;
  configuration: NamedValue[];
  categories: Category[];
  scenarios: Scenario[];
  left_behind: string[];
  stale: string[];
}

/** One thing that is wrong, with all that comes of it. */
export interface Cause {
  verdict: Verdict;
  requirement: string;
  reason: string;
  /** Places of scenarios that could not be judged because of it. */
  affected: number[];
  /** Places of a scenario, and of a check in it. */
  occurrences: [number, number][];
  level?: string;
  statement?: string;
  spec?: string;
  section?: string;
  link?: string;
}

export interface Entry {
  id: string;
  spec: string;
  section: string;
  level: string;
  statement: string;
  category: string;
  actor: string;
  link: string;
  scenarios: number[];
  reason: string;
  /** What the suite does about it, whatever this run did. */
  state: "proven" | "judged" | "not judged";
  faults: string[];
  verdict?: Verdict;
}

export interface Fault {
  name: string;
  requirement: string;
  summary: string;
  caught: boolean;
  failed: string[];
}

export interface Variant { name: string; summary: string; clean: boolean; complaints: string[] }

export interface Proof {
  suite_version: string;
  spec_version: string;
  started: string;
  took_us: number;
  seed: string;
  faults: Fault[];
  variants: Variant[];
}

/** One operation, or one kind of step; times in nanoseconds. */
export interface Work {
  name: string;
  succeeded: number;
  per_second: number;
  failures: Record<string, number>;
  error_share: number;
  bytes_sent: number;
  bytes_received: number;
  mean: number;
  max: number;
  /** Share of what succeeded, and the time that it took at most; as far as there are samples. */
  quantiles: [number, number][];
  /** First and last time of a bar, and how many it has. */
  bars: [number, number, number][];
}

/** Of one second: operations, failures, bytes in both directions, and the median and p99 where known. */
export type Second = [number, number, number, number | null, number | null];

export interface Load {
  suite_version: string;
  run_id: string;
  registry: string;
  workload: string;
  started: string;
  measured: number;
  conditions: NamedValue[];
  work: Work[];
  steps: Work[];
  dropped: number;
  series: Second[];
  generator: NamedValue[];
  error_codes: Record<string, number>;
  examples: NamedValue[];
  invalid: string[];
  objectives: {objective: string; outcome: "kept" | "broken" | "refused"; measured: string}[];
}

/** One metric of two sets of load runs. */
export interface ComparedMetric {
  metric: string;
  verdict: Comparison["verdict"];
  reason: string;
  /** As people read them: medians over the runs. */
  base: string;
  new: string;
  /** Whether there is a change, and an interval of it. */
  decided: boolean;
  less_is_better: boolean;
  effect: "ratio" | "difference";
  change: number;
  low: number;
  high: number;
  margin: number;
  p: number;
  p_adjusted: number;
}

export interface Comparison {
  verdict: "not worse" | "worse" | "inconclusive";
  base_runs: number;
  new_runs: number;
  notes: string[];
  metrics: ComparedMetric[];
}

/** A run of a history: one letter for each of its requirements. */
export interface PastRun {
  file: string;
  run_id: string;
  registry: string;
  suite_version: string;
  spec_version: string;
  started: string;
  verdict: Verdict;
  letters: string;
}

export interface History { requirements: string[]; runs: PastRun[] }

export type Figure = "p50" | "p95" | "p99" | "p99.9" | "rate" | "throughput" | "errors";

/** Load runs of one registry, workload and conditions. */
export interface LoadTest {
  registry: string;
  workload: string;
  conditions: string;
  /** How many earlier runs are not in here. */
  left_out: number;
  /** When the newest run began that is a measurement; empty where none is. */
  newest_valid: string;
  runs: {file: string; started: string; suite_version: string; /** Why it is no measurement. */ invalid?: string}[];
  /** Figures by run, times in nanoseconds; an empty name stands for all operations together. */
  work: {name: string; is_step: boolean; figures: Record<Figure, (number | null)[]>}[];
  /** By run: k(ept), b(roken), r(efused), or a dot. */
  objectives: {objective: string; letters: string; measured: string}[];
  standings: Standing[];
}

/** A figure of the newest valid run, beside those before. */
export interface Standing {
  of: string;
  is_step: boolean;
  figure: Figure;
  newest: number;
  before?: number;
  /** On so many runs stand the median, the least and the most. */
  runs: number;
  median: number;
  least: number;
  most: number;
  worse_than: number;
  /** Than the median, by more than the margin of its kind. */
  worse: boolean;
  /** And than nine in ten of those runs, where they are enough to tell. */
  unusual: boolean;
}

export interface LoadHistory { left_out: number; tests: LoadTest[] }

export interface PageData {
  loads?: Load[];
  comparison?: Comparison;
  history?: History;
  load_history?: LoadHistory;
  run?: Run;
  causes?: Cause[];
  catalogue?: Entry[];
  /** Each category that the profile claims, and whether that holds. */
  claims?: NamedValue[];
  proof?: Proof;
}

export function readData(): PageData {
  return JSON.parse(document.getElementById("data")?.textContent ?? "{}") as PageData;
}
