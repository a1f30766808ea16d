import Autograd
import FileSupport

/// An invalid command line, with a one-line description. The exit status is 2.
struct UsageError: Error, CustomStringConvertible, Equatable {
    let description: String

    init(_ description: String) { self.description = description }

    /// An unknown name of a `what`: suggests the nearest known name, or lists all of them.
    init(unknown what: String, _ name: String, known: [String]) {
        // The hyphens before options, which all have, say nothing of which is near.
        func word(_ name: String) -> String { String(name.drop { $0 == "-" }) }
        let near = nearest(to: word(name), in: known.map(word))
        if let candidate = known.first(where: { word($0) == near }) {
            description = "unknown \(what) \(name.quoted): did you mean \"\(candidate)\"?"
        } else {
            description =
                "unknown \(what) \(name.quoted): expected " + known.joined(separator: ", ")
        }
    }
}
