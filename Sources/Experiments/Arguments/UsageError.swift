import Autograd
import FileSupport

/// A command line that cannot be understood; one line says why. Exit status 2.
struct UsageError: Error, CustomStringConvertible, Equatable {
    let description: String

    init(_ description: String) { self.description = description }

    /// `what` is none of those known, which one was likely meant, or which there are.
    init(unknown what: String, _ name: String, known: [String]) {
        if let candidate = nearest(to: name, in: known) {
            description = "unknown \(what) \"\(name)\": did you mean \"\(candidate)\"?"
        } else {
            description =
                "unknown \(what) \"\(name)\": there is " + known.joined(separator: ", ")
        }
    }
}
