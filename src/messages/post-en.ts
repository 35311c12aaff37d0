import type { Compare, Policy } from '../../protocol/jobs.ts'
import { createFormat } from '../format.ts'
import type { InputWay, ProgramWay } from '../posting/draft.ts'

// One file near 300 lines: a catalogue is read and translated as a whole.

const f = createFormat('en')
const some = (count: number | bigint, one: string, many = `${one}s`) =>
  `${f.integer(count)} ${BigInt(count) === 1n ? one : many}`
const credits = (amount: number) => `${f.credit(amount)} ${amount === 1 ? 'credit' : 'credits'}`

const ways: Readonly<Record<InputWay, string>> = {
  range: 'a range of whole numbers',
  lines: 'the lines of a file',
  files: 'one file each',
  sweep: 'a grid of values',
}

export const postEn = {
  title: 'Post a job',
  lead: 'Bring a program and its input. Volunteers run it in many small tasks, and every answer is checked before it counts.',
  steps: 'Steps',
  place: (step: number, of: number) => `Step ${f.integer(step)} of ${f.integer(of)}`,
  step: { program: 'Program', input: 'Input', try: 'Try it', price: 'Trust and price', review: 'Review' },
  missing: 'Still missing',
  back: 'Back',
  next: (step: string) => `Next: ${step}`,
  reading: 'Reading the files in this browser.',
  unreadable: (reason: string) => `The file could not be read: ${reason} Choose it again.`,
  chooseModule: 'Choose a .wasm file',
  chooseOther: 'Choose another file',
  fileName: (path: string, size: string) => `${path}, ${size}`,
  fileCount: (count: number, size: string) => `${some(count, 'file')}, ${size}`,
  andMore: (count: number) => `and ${some(count, 'file')} more`,
  remove: (path: string) => `Remove ${path}`,
  removeAll: 'Remove all',
  taskNumber: (index: string) => `Task ${index}`,
  took: (milliseconds: number) =>
    milliseconds < 1000 ? `${f.integer(Math.round(milliseconds))} ms` : f.duration(milliseconds),
  memory: (size: string) => `${size} of memory`,
  output: 'Output',
  outputOf: (size: string) => `output of ${size}`,
  outputHead: 'Output, its first bytes',
  log: 'What the program wrote to its log',
  credits: 'credits',
  bytes: { empty: 'Nothing: no bytes at all.', cut: 'Only the beginning is shown.' },
  off: 'This server takes no jobs from the web at the moment: its operator has turned that off. You can still build your program here and try it in this browser; what you enter is kept.',
  notKept: 'This browser keeps nothing for this page: a reload loses what you enter.',
  keptHere: 'What you enter stays in this browser until you post it.',
  seeProjects: 'See what others run.',
  startOver: 'Start over',
  startOverAsk: 'Forget this draft and its files?',
  startOverYes: 'Forget all of it',
  startOverNo: 'Keep it',
  posted: 'This draft has become a job.',
  seeJob: 'See the job',
  copy: 'Change it and post it again',
  another: 'Post another',
  pickKernel: 'Which one?',
  builtInTasks: (tasks: string, sentence: string) => `Makes ${tasks} tasks. The first: ${sentence}`,
  issue: {
    atLeast: (bound: string) => `Enter ${bound} or more.`,
    atMost: (bound: string) => `Enter ${bound} or less.`,
    number: 'Enter a number.',
    own: (text: string) => `${text[0]?.toUpperCase()}${text.slice(1)}.`,
  },
  program: {
    lead: 'What shall run? A program gets a small piece of input and gives an answer. The same piece must always give the same answer.',
    way: 'Where the program comes from',
    ways: {
      builtIn: { title: 'A program of the house', text: 'Tested, ready, with your own parameters.' },
      file: { title: 'A WebAssembly file', text: 'Compiled from C, C++, Rust, or any language that makes WASI.' },
      source: { title: 'Write one here', text: 'In AssemblyScript, compiled in this page. Nothing to install.' },
    },
    fileHint: 'Or drop it here. 16 MiB at most. It is looked into here, before anything is sent.',
    noKernel: 'Pick a program.',
    noFile: 'Choose a .wasm file that a device would run.',
    notCompiled: 'Compile the program as it stands now.',
    wrongFields: (count: number) => `Correct ${some(count, 'field')} of the parameters.`,
  },
  module: {
    fit: (path: string) => `${path} can run here`,
    refused: (path: string) => `${path} cannot run on Tidemill.`,
    kept: (path: string) => `${path}, which you chose before, still stands.`,
    kind: 'What it is',
    program: {
      reactor: 'a reactor kernel: it works in steps, and shows true progress',
      wasi: 'a WASI command: it reads arguments, files and standard input',
    },
    size: 'Size',
    memory: 'Memory',
    memoryUpTo: (bytes: number) => `up to ${f.integer(Math.round(bytes / 2 ** 20))} MiB`,
    imports: 'Asks of the host',
    importCount: (count: number) => some(count, 'function'),
    nothing: 'nothing',
    features: 'Uses',
    plain: 'plain WebAssembly',
    digest: 'SHA-256',
  },
  source: {
    lead: 'This example counts the primes of a range, and works. Change it, or replace it.',
    language: 'About the language',
    languageUrl: 'https://www.assemblyscript.org/concepts.html',
    label: 'Program in AssemblyScript',
    compile: 'Compile',
    compiling: 'Compiling',
    example: 'Put the example back',
    once: 'The compiler, about 3 MB, is fetched at the first time.',
    problems: (count: number) => `The compiler found ${some(count, 'problem')}.`,
    place: (line: number, column: number) => `Line ${f.integer(line)}, column ${f.integer(column)}:`,
    stale: 'The text has changed since it was compiled.',
    broken: (reason: string) => `The compiler did not run: ${reason} Check the connection and press Compile again.`,
  },
  input: {
    lead: 'A job is many tasks. Each task is one run of the program on its own piece of the input.',
    way: 'How does the job split into tasks?',
    ways: {
      range: { title: 'A range of numbers', text: 'Each task gets a part of it.' },
      lines: { title: 'Lines of a file', text: 'Each line, record or row is a task.' },
      files: { title: 'Many files', text: 'Each file is a task. A zip or tar will do.' },
      sweep: { title: 'A grid of values', text: 'Each combination is a task.' },
    },
    range: {
      from: 'First number',
      to: 'Last number',
      size: 'Numbers in a task',
      command:
        'A task finds its first and last number in its arguments, as {from} and {to}, and as a line of standard input.',
      reactor: 'A task gets its first and last number as its input: 64 bits each, little endian.',
    },
    lines: {
      choose: 'Choose a file',
      hint: 'Or drop it here: text, CSV or NDJSON.',
      format: 'How is it to be read?',
      formats: {
        text: { title: 'Text', text: 'A task for each line.' },
        csv: { title: 'CSV', text: 'A task for each record; quoted fields may hold line ends.' },
        ndjson: { title: 'NDJSON', text: 'A task for each JSON value, one a line.' },
      },
      header: 'The first record is a header: each task gets it before its own.',
    },
    files: { choose: 'Choose files', hint: 'Or drop them here: many files, or one zip or tar.' },
    sweep: {
      name: 'Name',
      values: 'Values',
      count: (count: string) => `${count} values. One a line, or with commas between.`,
      add: 'Add a name',
      remove: (name: string) => `Remove ${name}`,
      hint: 'A task finds its values in its arguments, by their names in braces, and as JSON on standard input.',
    },
    arguments: 'Arguments, one a line',
    argumentsHint: (names: readonly string[]) => `These stand for what differs between tasks: ${names.join(' ')}`,
    stdin: 'What is on standard input?',
    stdins: {
      piece: { title: 'The task’s piece' },
      empty: { title: 'Nothing', text: 'For programs that read their arguments or files only.' },
    },
    pieces: {
      range: 'Its first and last number, as one line of text.',
      lines: 'Its line, after the header where there is one.',
      files: 'The bytes of its file.',
      sweep: 'Its values, as one line of JSON.',
    },
    shared: 'Files that every task needs',
    chooseShared: 'Choose shared files',
    sharedHint: 'For example a table or a model. Every task finds them under their names.',
  },
  gap: {
    emptyFile: 'The file has no line that could be a task. Choose another file.',
    whole: (field: string) => `${field}: enter a whole number of at most 64 bits.`,
    size: 'Numbers in a task: enter a whole number, 1 or more.',
    order: 'The first number may not be after the last.',
    noLines: 'Choose the file whose lines are the tasks.',
    noFiles: 'Choose at least one file.',
    path: (path: string) => `The name “${path}” cannot be used in a task. Rename the file.`,
    samePath: (path: string) => `Two files are called “${path}”. Rename one of them, or remove it.`,
    pathConflict: (one: string, other: string) =>
      `A task would have a file “${one}” and another “${other}”, and no folder can be both. Rename one of them.`,
    taskBytes: (bytes: number, most: number) =>
      `A task would see files of ${f.bytes(bytes)}, and may see ${f.bytes(most)}. Cut them into smaller ones.`,
    sharedFiles: (most: number) => `At most ${f.integer(most)} files that every task needs.`,
    sweepName: (name: string) =>
      name === '' ? 'Give every row of the grid a name.' : `“${name}” is no name: use letters, digits and _.`,
    sweepValues: (name: string) => `Give “${name}” at least one value, and 10,000 at most.`,
    sweepTwice: (name: string) => `Two rows of the grid are called “${name}”. Rename one.`,
    placeholder: (name: string, known: readonly string[]) =>
      `The arguments have {${name}}, which this job does not know. It knows ${known.map(one => `{${one}}`).join(', ')}. For a brace itself write {{.`,
    tooManyArguments: (most: number) => `At most ${f.integer(most)} arguments.`,
  },
  preview: {
    title: (tasks: bigint) => some(tasks, 'task'),
    sends: (size: string) => `${size} of input would be sent to the server.`,
    previous: 'Previous task',
    next: 'Next task',
    command: 'Command',
    stdin: 'Standard input',
    reactorInput: 'Input',
    bytes: 'What it reads',
    files: 'Files',
  },
  try: {
    lead: 'First here, on your own device. Then the server runs it, to see that it always gives the same answer and what it costs.',
    missing: 'The server’s check must have passed.',
    here: 'In this browser',
    hereText:
      'Runs the first task, one in the middle and the last, in the sandbox that volunteers use. Nothing is sent.',
    run: 'Try it here',
    runAgain: 'Try it again',
    stop: 'Stop',
    waiting: 'waits',
    stopped: 'not run to its end',
    done: 'Done',
    failed: 'Failed',
    noLocalKernel: 'This program cannot be tried here at the moment. The server’s check still can.',
  },
  check: {
    title: 'The server’s check',
    text: 'The server runs three tasks twice, compares every byte, and measures what a task costs. Your program and input are sent to it. This makes an account: a key that this browser keeps, no name, no e-mail.',
    start: 'Send it and check',
    off: 'This server takes no jobs at the moment, so it checks none.',
    again: 'Check again',
    cancel: 'Cancel',
    uploading: 'Sending',
    asking: 'Asking the server.',
    sent: (sent: string, of: string) => `${sent} of ${of} sent`,
    running: 'Runs of the check',
    runs: (progress: { done: number; of: number } | undefined) =>
      progress === undefined
        ? 'The server is checking.'
        : `${f.integer(progress.done)} of ${some(progress.of, 'run')} done`,
    gone: 'The server no longer has this check. Check again: nothing that is stored already is sent twice.',
    passed: 'Reproducible',
    passedText: (credit: number, isTolerant: boolean) =>
      `Every task that was tried gave ${isTolerant ? 'the same values, within your tolerance,' : 'exactly the same bytes'} both times. A task is worth ${credits(credit)}: seconds of the reference core, as measured.`,
    different: 'Not reproducible',
    differentText: (index: string, at: string) =>
      `Two runs of task ${index} gave different answers. They differ first at byte ${at}, counted from 0.`,
    differentHelp:
      'Volunteers’ answers are compared byte by byte, so this program would never be believed. Common causes: memory read before it is written, addresses in the output, a step that depends on the budget.',
    runNumber: (run: number): string => (run === 1 ? 'First run' : 'Second run'),
    failed: (index: string) => `Task ${index} failed`,
    failedHelp: 'It would fail on every device. Change the program or its input, then check again.',
    refused: 'Not accepted',
    samples: (count: number) => `${some(count, 'task')} that the server ran`,
  },
  tolerance: {
    title: 'Are the outputs arrays of floating-point numbers?',
    text: 'Then two answers may count as the same although they differ a little. Each pair of numbers may differ by the absolute amount, plus the relative amount times the larger of them.',
    elements: 'Elements, little endian',
    types: { float64: '64-bit floats', float32: '32-bit floats' },
    absolute: 'Absolute',
    relative: 'Relative',
    absoluteWrong: 'Enter a number, 0 or more.',
    relativeWrong: 'Enter a number from 0 to 1.',
    check: 'Check again with this tolerance',
    exact: 'Compare exact bytes again',
  },
  price: {
    lead: 'Each task is run by several people who do not know of each other. How sure must the answers be?',
    confidence: 'How many accepted answers may be wrong?',
    oneIn: (count: number) => `1 in ${f.integer(count)}`,
    replicas: (newcomers: number) =>
      newcomers === 2
        ? '2 runs of a task.'
        : `2 runs by accounts with a good record, up to ${f.integer(newcomers)} by newcomers.`,
    more: 'More about replicas',
    minReplicas: 'Runs of a task, at least',
    minReplicasHint: 'From 1 to 8. 2 is a good choice.',
    maxReplicas: 'Runs of a task, at most',
    maxReplicasHint: 'From 1 to 16. Without agreement by then the task is disputed.',
    budget: 'Budget',
    budgetHint: 'The most that the job may spend. Empty: enough.',
    budgetLeft: (left: number) => `The most that the job may spend. Empty: enough. You may use ${credits(left)} more.`,
    deadline: 'Deadline',
    deadlineHint: 'No task is handed out after it. Empty: none.',
    merge: 'What shall become of the answers?',
    merges: {
      none: { title: 'Keep them apart', text: 'Download all of them.' },
      sum: { title: 'Sum', text: 'Of the numbers at the same place in every output.' },
      minimum: { title: 'Minimum', text: 'Of the numbers at the same place.' },
      maximum: { title: 'Maximum', text: 'Of the numbers at the same place.' },
      concatenate: { title: 'Join', text: 'One after the other, in the order of the tasks.' },
      kernel: { title: 'A program of mine', text: 'Reads all of them joined, and its output is the answer.' },
    },
    mergeModuleHint: 'Or drop it here. It is run as one more task, verified as the others.',
    sponsored: (open: string, most: string, used: number, all: number) =>
      `Sponsored by the operator of this server: you pay nothing. You have ${open} of ${most} open jobs, which may use ${f.credit(used)} of ${credits(all)}.`,
    gap: {
      emptyFile: 'The file has no line that could be a task. Choose another file.',
      minReplicas: 'Runs at least: a whole number from 1 to 8.',
      maxReplicas: 'Runs at most: a whole number from 1 to 16.',
      replicaOrder: 'A task cannot have more runs at least than at most.',
      budget: 'Budget: enter a number above 0, or leave it empty.',
      budgetLow: (cost: number) =>
        `The budget is less than the expected cost of ${credits(cost)}. The job would stop early.`,
      overAllowance: (left: number) =>
        `This is more than the ${credits(left)} that you may still use here. Make the job smaller, or wait until another has ended.`,
      deadline: 'Deadline: enter a date and a time, or leave it empty.',
      deadlinePast: 'The deadline has passed. Choose a later one.',
      mergeModule: 'Choose the program that merges.',
    },
  },
  sum: {
    title: 'What it costs',
    tasks: 'Tasks',
    replicas: 'Runs of each, expected',
    credit: 'Credits for a run, measured',
    total: 'Expected cost',
    budget: 'Budget, at the most',
    credits: (amount: string) => `${amount} credits`,
    estimate:
      'The expected cost is an estimate: where newcomers compute or answers differ, tasks need more runs. What is spent never passes the budget. A credit is one second of the reference core.',
  },
  review: {
    lead: 'Read it once more. After this, volunteers begin.',
    title: 'Title',
    titleHint: 'What others see in the list of projects. 80 letters at most.',
    description: 'Description',
    descriptionHint: 'For whom it is and what it is for. You may leave it empty.',
    noTitle: 'Give the job a title.',
    terms: 'Go back to Trust and price: something is missing there.',
    input: (way: ProgramWay, input: InputWay, tasks: bigint) =>
      `${some(tasks, 'task')}${way === 'builtIn' ? '' : `, from ${ways[input]}`}`,
    confidence: (oneIn: number, { minReplicas, maxReplicas }: Policy) =>
      `1 in ${f.integer(oneIn)}; ${f.integer(minReplicas)} to ${f.integer(maxReplicas)} runs of a task`,
    compare: 'When answers are the same',
    compares: (compare: Compare) =>
      compare.kind === 'exact'
        ? 'when all bytes are equal'
        : `${compare.elementType} arrays within ${compare.absolute} + ${compare.relative} × the larger`,
    noDeadline: 'none',
    publicText: 'A posted job is public: anybody can see its title, program, input and answers. Post no secrets.',
    post: 'Post the job',
    posting: 'Posting',
  },
  failure: {
    offline: 'This device is offline. What you entered is kept. Try again when the connection is back.',
    unreachable: 'The server does not answer. What you entered is kept. Try again in a moment.',
    refused: (detail: string) => `The server refused: ${detail}`,
    other: (reason: string) => `That did not work: ${reason} What you entered is kept.`,
  },
}

/** Every language has the same texts: a missing one does not compile. */
export type PostMessages = typeof postEn
