import { useEffect, useRef } from 'preact/hooks'

interface Props {
  readonly title: string
  readonly words: string
  readonly action: string
  readonly onConfirm: () => void
  readonly onCancel: () => void
}

/** Asks once more. Escape cancels. */
export const Confirm = ({ title, words, action, onConfirm, onCancel }: Props) => {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])
  // Closing gives the focus back to where it was.
  const close = () => dialog.current?.close()
  const confirm = () => {
    close()
    onConfirm()
  }
  return (
    <dialog ref={dialog} aria-labelledby="confirm-title" onClose={onCancel}>
      <h2 id="confirm-title">{title}</h2>
      <p>{words}</p>
      <div class="buttons">
        <button type="button" onClick={close}>
          Cancel
        </button>
        <button type="button" class="danger" onClick={confirm}>
          {action}
        </button>
      </div>
    </dialog>
  )
}
