import Autograd

/// The labels of samples as texts, made numbers of classes.
struct ClassLabels {
    /// The texts there are: in the order of the numbers where all are numbers, else of the
    /// alphabet.
    let classNames: [String]
    /// `int32`, [n]: the place of each text among the names, −1 where there is none; nil where
    /// there is none at all.
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
