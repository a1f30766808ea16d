import Autograd

/// The labels of samples, given as texts, converted to class numbers.
struct ClassLabels {
    /// The distinct texts: in the order of their numbers if all are numbers, else in alphabetical
    /// order.
    let classNames: [String]
    /// `int32`, [n]: the index of each text among the names, −1 if it is missing; nil if all are
    /// missing.
    let numbers: Tensor?

    /// - Parameter texts: nil for a sample without a label.
    init(_ texts: [String?]) {
        let names = Self.ordered(Set(texts.compactMap { $0 }))
        let places = Dictionary(uniqueKeysWithValues: zip(names, names.indices))
        classNames = names
        numbers =
            names.isEmpty
            ? nil : Tensor(texts.map { text in Int32(text.flatMap { places[$0] } ?? -1) })
    }

    private static func ordered(_ names: Set<String>) -> [String] {
        let names = names.sorted()
        let numbers = names.compactMap { plainNumber($0) }
        guard numbers.count == names.count else { return names }
        // The same number may be written in two ways.
        return names.indices.sorted { (numbers[$0], $0) < (numbers[$1], $1) }.map { names[$0] }
    }
}
