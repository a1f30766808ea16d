import Foundation

/// Writes a line to standard output, at once: the other side of a pipe waits for it.
func printLine(_ line: String) {
    FileHandle.standardOutput.write(Data((line + "\n").utf8))
}
