import Autograd
import FileSupport

/// An invalid command line, with a one-line description. The exit status is 2.
struct UsageError: Error, CustomStringConvertible, Equatable {
    let description: String

    init(_ description: String) { self.description = description }

    /// An unknown name of a `what`: suggests the nearest known name, or lists all of them.
    init(unknown what: String, _ name: String, known: [String]) {
        if let candidate = nearest(to: name, in: known) {
            description = "unknown \(what) \"\(name)\": did you mean \"\(candidate)\"?"
        } else {
            description =
                "unknown \(what) \"\(name)\": expected " + known.joined(separator: ", ")
        }
    }
}
