import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { javascript } from '@codemirror/lang-javascript'
import { bracketMatching, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from '@codemirror/language'
import { EditorState } from '@codemirror/state'
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view'
import { tags } from '@lezer/highlight'

export interface Editor {
  text(): string
  replace(text: string): void
  /** Puts the cursor there, both counted from 1, and the focus into the editor. */
  goTo(line: number, column: number): void
  destroy(): void
}

/**
 * Typing over a selection, done without the browser: left to itself, Chromium keeps the look of what it replaces in a style
 * attribute, which the page's policy refuses and complains of.
 */
const replaceSelection = EditorView.domEventHandlers({
  beforeinput(event, view) {
    if (event.inputType !== 'insertText' || event.data === null || view.state.selection.main.empty) return false
    event.preventDefault()
    view.dispatch(view.state.replaceSelection(event.data), { scrollIntoView: true, userEvent: 'input.type' })
    return true
  },
})

interface EditorOptions {
  readonly label: string
  readonly text: string
  readonly onText: (text: string) => void
}

// The page's own colours, which reach into a shadow root as variables do.
const theme = EditorView.theme({
  '&': { height: '100%', color: 'var(--ink)', fontSize: '0.875rem' },
  '&.cm-focused': { outline: '3px solid var(--tide)', outlineOffset: '-3px' },
  '.cm-scroller': { fontFamily: 'ui-monospace, Menlo, Consolas, "Liberation Mono", monospace', lineHeight: '1.5' },
  '.cm-content': { caretColor: 'var(--ink)' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '.cm-gutters': { backgroundColor: 'var(--well)', color: 'var(--soft)', border: 'none' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'color-mix(in srgb, var(--foam) 45%, transparent)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'var(--foam)',
  },
  '&.cm-focused .cm-matchingBracket': { backgroundColor: 'var(--foam)', outline: '1px solid var(--tide)' },
})

const colours = HighlightStyle.define([
  { tag: tags.comment, color: 'var(--soft)', fontStyle: 'italic' },
  { tag: [tags.keyword, tags.modifier, tags.operatorKeyword], color: 'var(--tide)', fontWeight: '600' },
  { tag: [tags.typeName, tags.className], color: 'var(--tide)' },
  { tag: [tags.string, tags.number, tags.bool], color: 'light-dark(#8a4b08, #f2b550)' },
])

/** CodeMirror in a shadow root of `host`. Tab leaves it, as it leaves any other field. */
export function createEditor(host: HTMLElement, { label, text, onText }: EditorOptions): Editor {
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' })
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: text,
      extensions: [
        lineNumbers(),
        history(),
        drawSelection(),
        highlightActiveLine(),
        indentOnInput(),
        indentUnit.of('  '),
        bracketMatching(),
        javascript({ typescript: true }),
        syntaxHighlighting(colours),
        theme,
        replaceSelection,
        keymap.of([...defaultKeymap, ...historyKeymap]),
        EditorView.contentAttributes.of({ 'aria-label': label, spellcheck: 'false', autocapitalize: 'off' }),
        EditorView.updateListener.of(update => {
          if (update.docChanged) onText(update.state.doc.toString())
        }),
      ],
    }),
  })
  return {
    text: () => view.state.doc.toString(),
    replace(next) {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: next } })
      view.focus()
    },
    goTo(line, column) {
      const { from, to } = view.state.doc.line(Math.min(Math.max(1, line), view.state.doc.lines))
      const anchor = Math.min(to, from + Math.max(0, column - 1))
      view.dispatch({ selection: { anchor }, scrollIntoView: true })
      view.focus()
    },
    destroy: () => view.destroy(),
  }
}
