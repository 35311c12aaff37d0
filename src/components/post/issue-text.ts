import type { PostMessages } from '../../messages/post-en.ts'
import type { FieldIssue } from '../../posting/parameter-form.ts'

export function issueText(p: PostMessages, issue: FieldIssue): string {
  switch (issue.kind) {
    case 'atLeast':
      return p.issue.atLeast(issue.bound)
    case 'atMost':
      return p.issue.atMost(issue.bound)
    case 'number':
      return p.issue.number
    case 'own':
      return p.issue.own(issue.text)
  }
}
