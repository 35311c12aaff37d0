/** What checking results has shown, in sentences. */
export interface VerifyReport {
  /** All that the manifest names is there, as it says, and nothing else. */
  readonly isWhole: boolean
  /** What was checked, and what is worth knowing of it. */
  readonly notes: readonly string[]
  /** What is not as it should be; the first hundred. */
  readonly problems: readonly string[]
  readonly problemCount: number
}

const problemsKept = 100

export function createReport() {
  const notes: string[] = []
  const problems: string[] = []
  let problemCount = 0
  return {
    note: (sentence: string): void => void notes.push(sentence),
    problem(sentence: string): void {
      problemCount++
      if (problems.length < problemsKept) problems.push(sentence)
    },
    get problemCount() {
      return problemCount
    },
    finish: (): VerifyReport => ({ isWhole: problemCount === 0, notes, problems, problemCount }),
  }
}

export type ReportWriter = ReturnType<typeof createReport>
