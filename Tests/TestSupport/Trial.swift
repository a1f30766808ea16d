/// What loops in a test are trying at the moment, for the messages of failures.
public enum Trial {
    @TaskLocal fileprivate static var labels: [String] = []

    /// For example `axis = 1, size = 3`; empty outside of all loops.
    public static var description: String { labels.joined(separator: ", ") }
}

/// Calls `body` with every element of a sequence. While it runs `Trial.description`, which
/// comparisons put into their messages, says which one it is.
public func withEvery<Elements: Sequence>(
    _ label: String, in elements: Elements, _ body: (Elements.Element) throws -> Void
) rethrows {
    for element in elements {
        try Trial.$labels.withValue(Trial.labels + ["\(label) = \(element)"]) {
            try body(element)
        }
    }
}
