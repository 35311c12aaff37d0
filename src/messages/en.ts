// One file above 300 lines: a catalogue is read and translated as a whole.
import type { Policy } from '../../protocol/jobs.ts'
import { createFormat } from '../format.ts'

const f = createFormat('en')
const some = (count: number, one: string, many = `${one}s`) => `${f.integer(count)} ${count === 1 ? one : many}`

export const en = {
  language: 'English',
  product: 'Tidemill',
  title: (page: string) => `${page} · Tidemill`,
  nav: {
    label: 'Main',
    skip: 'Skip to the content',
    home: 'Tidemill, start page',
    compute: 'Compute',
    projects: 'Projects',
    post: 'Post',
    network: 'Network',
    verify: 'Verify a result',
    api: 'API',
    footer: 'Computing done by volunteers, checked before it counts.',
  },
  theme: {
    label: (now: string) => `Theme: ${now}. Change it`,
    auto: 'as the system',
    light: 'light',
    dark: 'dark',
  },
  switchLanguage: 'Language',
  action: {
    start: 'Start',
    resume: 'Resume',
    pause: 'Pause',
    stop: 'Stop',
    retry: 'Try again',
    goHome: 'To the start page',
    seeCompute: 'See your cores at work',
  },
  home: {
    title: 'Lend your spare cores to research that anyone can check',
    lead: 'Tidemill runs small pieces of research in this tab while it is open. There is nothing to install and nobody to sign up with. You choose how much; Stop stops at once.',
    startHint: 'Nothing runs before you agree on the next screen.',
    resumeHint: 'You agreed earlier. Your account and your limits are as you left them.',
    computingHint: (cores: number) => `${some(cores, 'core')} at work on this device.`,
    totals: 'The network now',
    runsToday: 'What runs today',
    how: 'How a result becomes true',
    steps: [
      {
        title: 'A task arrives',
        text: 'A core of yours gets one small piece of a job: a few kilobytes, sized to take seconds.',
      },
      {
        title: 'Your core computes',
        text: 'A sandboxed WebAssembly program does the work. It reads no files and opens no connection.',
      },
      {
        title: 'Somebody else repeats it',
        text: 'A result is accepted, and earns credit, only when other accounts, volunteers’ or the server’s own, return exactly the same bits, and their records make an error improbable enough.',
      },
    ],
    wheel: 'Drawing: a mill wheel with its foot in the water',
  },
  consent: {
    title: 'Before anything runs',
    lead: 'This is what you agree to. You can change or end it at any time.',
    runs: 'What runs',
    runsText: (operator: readonly string[], people: readonly string[], more: number) => {
      const quoted = (titles: readonly string[]) => titles.map(title => `“${title}”`)
      const others = more > 0 ? [...quoted(people), `${f.integer(more)} more`] : quoted(people)
      const of = [
        ...(operator.length > 0 ? [`${f.list(quoted(operator))}, of the operator of this server`] : []),
        ...(others.length > 0 ? [`${f.list(others)}, posted by other people`] : []),
      ]
      return of.length === 0
        ? 'Programs for the jobs of this server. There is no job at the moment: your cores would wait.'
        : `Programs for these jobs: ${of.join('; ')}. Jobs that are posted later run as well. All of it ends when the tab closes.`
    },
    sandboxText:
      'Each runs in a sandbox inside this tab, whoever wrote it: it computes on what its task brings, with at most 256 MB of memory a core, and can neither read your files and pages nor open a connection.',
    share: 'How much of this device',
    data: 'Data',
    dataText: (kernelBytes: number, hourlyBytes: number) =>
      `${f.bytes(kernelBytes)} once for the programs, then up to about ${f.bytes(hourlyBytes)} an hour with these limits: some 3 kB for each task, and the figures on this page while you look at it.`,
    dataFiles:
      'Some of these jobs bring files of their own on top: each is fetched once, by whoever gets a task that reads it.',
    power: 'Electricity',
    powerText: (low: number, high: number, kilowattHours: readonly [number, number]) =>
      `About ${f.watts(low, high)} more than an idle device, so ${f.decimal(kilowattHours[0], 2)} to ${f.decimal(kilowattHours[1], 2)} kWh in ten hours. This is an estimate: it assumes 3 to 12 W for each busy core, because a page cannot measure it.`,
    stop: 'How to stop',
    stopText:
      'Press Pause in the bar at the bottom of every page, or Stop beside it on the page Compute, or close the tab. Each acts at once. After a reload nothing runs until you press Resume.',
    privacy: 'Privacy',
    privacyText: [
      'Your account is a key that this browser makes and keeps. No name, no e-mail, no tracking.',
      'The server sees your network address and the results you return. Receipts show a pseudonym, a new one for each.',
    ],
    agree: 'Agree and start',
    cancel: 'Not now',
  },
  limits: {
    title: 'Limits',
    cores: 'Cores',
    coresHint: (device: number) =>
      `Of the ${some(device, 'core')} that this browser reports. Half is a good start: it leaves the other half to you.`,
    cpu: 'CPU time of each core',
    cpuHint: '100% uses the granted cores fully. Less keeps the device cooler and the fan quieter.',
    cpuUnit: '%',
    numberFor: (label: string) => `${label}, as a number`,
    hidden: 'Pause when this tab is hidden',
    hiddenHint: 'Off: it goes on in the background, as far as the browser allows.',
    battery: 'Pause on battery below 30%',
    batteryHint: {
      unknown: 'This browser does not tell a page about the battery, so this cannot act here.',
      known: (percent: number, charging: boolean) =>
        `Battery at ${f.percent(percent / 100)}, ${charging ? 'charging' : 'not charging'}.`,
    },
    metered: 'Pause on a metered connection',
    meteredHint: {
      unknown: 'This browser does not tell a page what connection it has, so this cannot act here.',
      metered: 'This connection is mobile, or data saving is on.',
      unmetered: 'The browser reports neither a mobile connection nor data saving.',
    },
  },
  compute: {
    title: 'Compute',
    phase: {
      absent: 'Nothing computes on this device.',
      connecting: 'Getting ready.',
      stopped: 'Stopped. Nothing computes on this device.',
      starting: 'Starting your cores.',
      computing: (cores: number) => `${some(cores, 'core')} at work.`,
      waiting: 'Ready, waiting for work.',
      paused: 'Paused. What was begun is kept and goes on where it was.',
      elsewhere: 'Another tab of this browser computes. This one shows what it does.',
      elsewherePaused: 'Another tab of this browser holds the work, and is paused.',
      unable: (reason: string) => `This device cannot take part. ${reason}`,
      broken: 'The part of the page that computes did not load. Reload the page, or try again.',
    },
    held: {
      hidden: 'Paused while this tab is hidden, as you chose.',
      battery: 'Paused: on battery below 30%. It goes on when the device charges.',
      metered: 'Paused: the connection is metered. It goes on when it is not.',
    },
    emptyTitle: 'Your cores will show here',
    emptyResume:
      'One lane for each core you lend, with its task and its progress. Press Resume to go on: a paused task continues where it was.',
    empty: 'One lane for each core you lend, with its task and its progress. Press Start to see what would run first.',
    lanes: 'Cores',
    lane: (number: number) => `Core ${f.integer(number)}`,
    laneProgress: (number: number) => `Core ${f.integer(number)}, progress`,
    percentDone: (share: number) => f.percent(share),
    resumedAt: (share: number) => `resumed at ${f.percent(share)}`,
    remaining: (milliseconds: number) => `about ${f.duration(milliseconds)} left`,
    remainingUnknown: 'measuring the speed',
    kept: 'paused, goes on from here',
    worth: (credit: number) => `${f.credit(credit)} credit if accepted`,
    task: (taskId: string) => `Task ${taskId}.`,
    idle: {
      starting: 'Starting: the program is being loaded.',
      waitingForWork: 'Idle: the server has no work for this core at the moment. It asks again by itself.',
      offline: 'Idle: the server cannot be reached, and the work at hand is done. It asks again by itself.',
      paused: 'Paused.',
    },
    queued: (count: number) => `${some(count, 'task')} ready for the next free core.`,
    unreported: (count: number) =>
      `${some(count, 'result')} computed and not yet acknowledged by the server; kept, also across a reload.`,
    offline: (time: string) =>
      `The server does not answer. Your cores go on with what they hold, results are kept, and the next try is at ${time}.`,
    refused: (detail: string, time: string) =>
      `The server refused: ${detail} Your cores go on with what they hold; the next try is at ${time}.`,
    credit: 'Credit',
    creditUnit: 'credit',
    creditIs: 'One credit is one second of verified work on the reference core. Only accepted results earn it.',
    secondOpinion:
      'A second opinion comes from a volunteer on another network or, unless the operator has turned it off, from the operator’s own device. That one works at low priority, so results may wait a while for it. One task in sixteen may serve to test other devices: on a public server its verdict shows a day later.',
    waiting: (count: string) => `${count} waiting for a second opinion`,
    unvested: (credit: number) =>
      `${f.credit(credit)} of it is less than a day old, and would be lost if a result of this account were found wrong.`,
    forfeited: (credit: number) => `${f.credit(credit)} was lost, because a result of this account was found wrong.`,
    standing: 'How far this account is believed',
    standingHint: 'For each program by itself: what was checked, and agreed with what others found.',
    level: {
      probation: (passed: string) =>
        `New: ${f.integer(passed)} checks passed. Its results need more second opinions, and it gets fewer tasks at a time.`,
      known: (passed: string) => `Known: ${f.integer(passed)} checks passed in a row.`,
      established: (passed: string) => `Trusted: ${f.integer(passed)} checks passed in a row.`,
    },
    pausedUntil: (time: string) =>
      `No tasks of this program until ${time}, because a result was found wrong. A faulty memory or core can cause it.`,
    acceptedCount: (count: string) => `${count} accepted`,
    rejectedCount: (count: string) => `${count} rejected`,
    returnedSession: (count: number) => `${some(count, 'result')} returned from this tab`,
    failedSession: (count: number) => `${f.integer(count)} of them failed in the program`,
    creditChart: 'Credit of this account over time',
    creditChartAlt: (from: string, to: string, credit: number) =>
      `From ${f.dateTime(from)} to ${f.dateTime(to)} it rises to ${f.credit(credit)}.`,
    when: 'When',
    creditChartEmpty: 'The chart begins with your first accepted result.',
    picture: 'What the network has found',
    pictureOf: 'Job shown',
    results: 'Results of this device’s account',
    resultsEmptyTitle: 'No result yet',
    resultsEmpty: 'Each result you return appears here, first as returned, then with the verdict and the reason.',
    resultsNewest: (shown: number, returned: string) =>
      String(shown) === returned
        ? `All ${f.integer(shown)}`
        : `The newest ${f.integer(shown)} of ${f.integer(returned)}`,
    resultName: (taskId: string) => `Task ${taskId}`,
    took: (milliseconds: number) => `${f.duration(milliseconds)} of work`,
    earned: (credit: number) => `+${f.credit(credit)} credit`,
    state: {
      returned: 'Returned',
      accepted: 'Accepted',
      rejected: 'Rejected',
      failed: 'Failed',
      disputed: 'Disputed',
    },
    reason: {
      returned: 'Waits until enough others have returned the same bits.',
      accepted: (others: number | undefined) =>
        others === undefined || others <= 1
          ? 'Another account returned the same bits.'
          : `${f.integer(others)} other accounts returned results, enough of them with the same bits.`,
      rejected: 'Others agreed on different bits, so this one earns nothing. A faulty memory or core can cause it.',
      failed: 'The program itself fails on this task, on other devices as well. It is not the fault of yours.',
      disputed: 'Too many different results came in to call one of them true, so none of them counts.',
    },
    announceAccepted: (count: number) =>
      count === 1 ? 'Your first result is accepted.' : `More than ${f.integer(count)} of your results are accepted.`,
  },
  bar: {
    label: 'Computing on this device',
    computing: (cores: number) => `${some(cores, 'core')} at work`,
    elsewhere: (cores: number) => `${some(cores, 'core')} at work in another tab`,
    starting: () => 'Starting',
    waiting: () => 'Waiting for work',
    credit: (credit: number) => `${f.credit(credit)} credit`,
  },
  area: { mathematics: 'Mathematics', climate: 'Climate', other: 'Other' },
  projects: {
    title: 'Projects',
    lead: 'What volunteers compute here, for whom, and what came out so far. Everything accepted is open to download.',
    empty: 'No job yet',
    emptyText: 'Jobs appear here as soon as somebody posts one.',
    sponsor: 'Sponsored by the operator of this server',
    progress: (accepted: string, tasks: string) => `${f.integer(accepted)} of ${f.integer(tasks)} tasks accepted`,
    progressBar: (title: string) => `${title}, tasks accepted`,
    unknownKernel: (kernelId: string) => `Job with the kernel ${kernelId}`,
  },
  job: {
    program: 'An uploaded program',
    by: (account: string) => `Posted by account ${account}`,
    state: {
      active: 'Running',
      paused: 'Paused',
      outOfBudget: 'Out of budget',
      overdue: 'Past its deadline',
      canceled: 'Canceled',
      finished: 'Finished',
    },
    without: (tasks: string) => `${f.integer(tasks)} without an accepted answer`,
    posted: 'Posted by people',
    postedOver: 'Posted by people, and over',
    all: 'All projects',
    own: 'Your jobs',
    task: (taskId: string, title: string) => `Task ${taskId} of “${title}”, run by a program that its poster uploaded.`,
    untold: 'this program does not tell how far it is',
    untoldSentence: 'It works; this program does not tell how far it is.',
  },
  project: {
    method: 'Method',
    checked: 'How results are checked',
    policy: ({ confidence, minReplicas, maxReplicas, compare }: Policy) => {
      const who =
        minReplicas === 1
          ? 'an account returns a result'
          : `at least ${f.integer(minReplicas)} different accounts, asked one after the other, return ${compare.kind === 'exact' ? 'exactly the same bits' : 'the same values, within a tolerance'}`
      return `A task is accepted when ${who}, and the records of those who agree and of those who do not make the probability of an error ${f.doubt(1 - confidence)} at most. Newcomers are believed least, so their results need more second opinions. After ${some(maxReplicas, 'result')} without such an answer the task is disputed, and nothing of it counts.`
    },
    disputed: 'Disputed tasks',
    failed: 'Failed tasks',
    creditName: 'Credit for each accepted result',
    credit: (credit: number) => `${f.credit(credit)} (seconds of the reference core)`,
    posted: 'Posted',
    picture: 'What was found so far',
    pictureEmpty: 'The picture appears with the first accepted result.',
    noPicture: 'There is no picture for this program. The page of its job shows what came out.',
    lesson: 'A short lesson',
    parameters: 'Parameters',
    kernel: 'The program',
    kernelText: (kernelId: string, bytes: number) =>
      `Kernel ${kernelId}, ${f.bytes(bytes)} of WebAssembly. Its name is the SHA-256 of its bytes:`,
    download: 'Download the program',
    results: 'Accepted results',
    resultsText:
      'The accepted outputs of this job as a table. It grows while the job runs. One task in sixteen may serve to test devices: on a public server it follows a day later.',
    csv: 'Download CSV',
    json: 'Download JSON',
    columns: 'Columns',
    notFoundTitle: 'There is no such job',
    notFound: 'A job’s number is a whole number. The list of projects has them all.',
  },
  picture: {
    table: 'Figures as a table',
    own: 'found on this device',
    collatz: {
      title: 'Path records',
      alt: (count: number, largest: string) =>
        `${some(count, 'path record')}. The highest path so far belongs to the start ${largest}.`,
      axisX: 'start',
      axisY: 'highest value of its path',
      square: 'start squared',
      start: 'Start',
      maximum: 'Highest value',
      ownColumn: 'Found here',
      yes: 'yes',
      no: '',
      searched: (starts: string) =>
        `${f.integer(starts)} starts searched and verified. A record stands once no range below it is missing.`,
    },
    climate: {
      equilibrium: 'Equilibrium warming',
      transient: 'Transient warming',
      equilibriumHint: 'after a doubling of CO₂, once the ocean has caught up',
      transientHint: 'in the year in which CO₂ has doubled, at 1% a year',
      alt: (name: string, low: string, middle: string, high: string) =>
        `${name}: half of the runs warm by more than ${middle}; 5% by less than ${low}, 5% by more than ${high}.`,
      kelvin: (value: number) => `${f.decimal(value, 2)} K`,
      quantile: (share: number) => f.percent(share),
      between: (from: number, to: number) => `${f.decimal(from, 1)} to ${f.decimal(to, 1)} K, runs`,
      caption: 'Warming: quantiles, and runs in each half kelvin',
      total: (count: number) => `${f.integer(count)} runs of the model, verified`,
    },
  },
  verify: {
    title: 'Verify a result',
    lead: 'Every task has a public receipt. Look one up, and let this device run the same task again.',
    label: 'Task id',
    hint: 'A job’s number, a dash, the task’s number: for example 1-0. Your own are listed under Compute.',
    invalid: 'That is not a task id. It looks like 1-0: two whole numbers with a dash between them.',
    find: 'Show the receipt',
    receipt: (taskId: string) => `Receipt of task ${taskId}`,
    notFoundTitle: 'There is no such task',
    notFound: 'No job of this server has this task. Check the number.',
    verdict: {
      pending:
        'No verdict to show yet. Who returned what stays hidden until then, and where a task may serve to test other devices, for a day longer.',
      accepted: (agreeing: number, all: number, certainty: number, { confidence, compare }: Policy) =>
        `Accepted: ${f.integer(agreeing)} of ${some(all, 'account')} returned ${compare.kind === 'exact' ? 'exactly the same bits' : 'the same values, within the tolerance of the job'}. By the records of these accounts the probability of an error is ${f.doubt(1 - certainty)}; the job allows ${f.doubt(1 - confidence)}.`,
      disputed: (results: number) =>
        `Disputed: ${some(results, 'result')} came in, and no answer among them is probable enough.`,
      failed: (reason: string) => `Failed: the program ends in an error on several devices. ${reason}`,
    },
    facts: 'The receipt',
    job: 'Job',
    kernel: 'SHA-256 of the program',
    input: 'SHA-256 of the input',
    output: 'SHA-256 of the accepted output',
    judged: 'Judged',
    credit: 'Credit',
    creditEach: (credit: number) => `${f.credit(credit)} for each agreeing result`,
    replicas: 'Who returned what',
    pseudonyms: 'Pseudonyms, made for this receipt alone: the same account has another one on every other receipt.',
    credibility: (credibility: number) =>
      `believed ${f.percent(credibility, credibility < 0.99 ? 0 : 2)} by its record`,
    replicasEmpty: 'Shown with the verdict.',
    agrees: 'agrees',
    differs: 'differs',
    reviewed: 'under review',
    failedWith: (reason: string) => `failed: ${reason}`,
    rerunTitle: 'Do not take our word for it',
    rerunText:
      'This device runs the same program on the same input and compares the SHA-256 of what comes out. It uses one core until it is done.',
    rerun: 'Run it again here',
    rerunAgain: 'Run it once more',
    abort: 'Abort',
    running: 'Running it again',
    equal: 'Equal. This device computed exactly the accepted bits.',
    different: 'Different. This device computed other bits than the accepted ones.',
    differentText: 'Either this device made a mistake or the receipt is wrong. Run it once more, or on another device.',
    unjudged: 'Done. There is no accepted output yet to compare with; this is what this device computed.',
    failed: (reason: string) => `The program ended in an error on this device: ${reason}`,
    aborted: 'Aborted. Nothing was compared.',
    here: 'SHA-256 computed here',
    accepted: 'SHA-256 accepted',
    inTime: (milliseconds: number) => `${f.duration(milliseconds)} of work.`,
  },
  network: {
    title: 'Network',
    lead: 'All devices of this server together. Only verified work is counted as done.',
    active: (count: number): string => (count === 1 ? 'device active' : 'devices active'),
    activeHint: 'asked for work or reported within five minutes, the operator’s own too',
    accepted: 'tasks accepted',
    more: (devices: string, returned: string) =>
      `Since the server was set up: ${returned} results returned by ${devices} devices.`,
    totals: 'Totals',
    credit: 'verified work',
    creditHint: 'time on the reference core',
    agreement: 'agreement',
    agreementHint: 'of the judged tasks were accepted, the others disputed or failed',
    agreementNone: 'nothing judged yet',
    hours: (seconds: number) => (seconds < 36_000 ? f.duration(seconds * 1000) : `${f.decimal(seconds / 3600, 1)} hr`),
    perMinute: 'Results per minute, last hour',
    perMinuteAlt: (returned: number, accepted: number) =>
      `In the last hour ${some(returned, 'result')} came in, and ${f.integer(accepted)} were accepted.`,
    minute: 'Minute',
    returnedSeries: 'returned',
    acceptedSeries: 'accepted',
    quiet: 'Nothing was returned in the last hour.',
    jobs: 'Jobs',
    liveness: { connecting: '', live: 'Live', polling: 'Asked for every few seconds' },
  },
  failure: {
    title: 'This could not be loaded',
    unreachable:
      'The server does not answer. Results are kept on this device, and count if they reach the server before their lease ends.',
    refused: (detail: string) => `The server refused: ${detail}`,
    other: 'Something on this page went wrong. Work and results are kept apart from the page and are not touched.',
    stale: 'The server does not answer. The figures are the last that arrived.',
    notFoundTitle: 'There is no such page',
    notFound: 'The address leads nowhere. Your cores, if they work, go on.',
    routeTitle: 'This page failed',
  },
  loading: 'Loading',
  minutesAgo: (minutes: number) => (minutes === 0 ? 'now' : `${f.integer(minutes)} min ago`),
}

/** Every language has the same texts: a missing one does not compile. */
export type Messages = typeof en
