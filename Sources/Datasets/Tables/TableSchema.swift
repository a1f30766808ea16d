import Autograd
import FileSupport

/// What the columns of a table contain: inferred from a file, stored as JSON, edited by hand.
///
/// ```json
/// {"columns": [{"name": "country", "kind": "category"}, …], "missing": ["", "NA", …]}
/// ```
public struct TableSchema: Codable, Hashable, Sendable {
    /// The kind of a column, and how it is encoded.
    public enum Kind: String, Codable, CaseIterable, Sendable {
        /// Numbers, scaled to mean 0 and standard deviation 1.
        case number
        /// Numbers of which only the order matters: transformed by rank to a normal distribution.
        case rank
        /// One of a few values, each with its own element.
        case category
        /// One of many values, for each of which a model learns a vector.
        case embedding
        /// A day, or a day and time, as a number.
        case date
        /// Left out.
        case ignored
        /// The label of the row: never an input.
        case label

        public init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            let name = try container.decode(String.self)
            guard let kind = Kind(rawValue: name) else {
                let column = decoder.codingPath.lazy.compactMap(\.intValue).first
                throw DecodingError.dataCorruptedError(
                    in: container,
                    debugDescription: "the kind \(name.quoted)"
                        + (column.map { " of column \($0 + 1)" } ?? "") + ", which is not one of "
                        + Kind.allCases.map(\.rawValue).joined(separator: ", "))
            }
            self = kind
        }
    }

    public struct Column: Codable, Hashable, Sendable {
        public var name: String
        public var kind: Kind
        /// Texts that stand for a missing cell of this column, besides those of all columns.
        public var missing: [String]

        public init(name: String, kind: Kind, missing: [String] = []) {
            self.name = name
            self.kind = kind
            self.missing = missing
        }

        public init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            name = try container.decode(String.self, forKey: .name)
            kind = try container.decode(Kind.self, forKey: .kind)
            missing = try container.decodeIfPresent([String].self, forKey: .missing) ?? []
        }

        public func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(name, forKey: .name)
            try container.encode(kind, forKey: .kind)
            if !missing.isEmpty { try container.encode(missing, forKey: .missing) }
        }

        private enum CodingKeys: CodingKey { case name, kind, missing }
    }

    public var columns: [Column]
    /// The texts that stand for a missing cell, without the blanks around them.
    public var missing: [String]
    /// Whether dates are replaced by their ranks: not a choice of the schema's author, and so in no
    /// file.
    package var ranksDates = false

    private enum CodingKeys: CodingKey { case columns, missing }

    public init(columns: [Column], missing: [String] = Self.usualMissing) {
        self.columns = columns
        self.missing = missing
    }

    /// The texts that usually stand for a missing cell. Among numbers and dates marks such as `-`
    /// do so too, without being listed.
    public static let usualMissing = [
        "", "?", "NA", "N/A", "n/a", "N.A.", "n.a.", "#N/A", "#NA", "<NA>", "NaN", "nan", "NAN",
        "-nan", "null", "NULL", "Null", "None", "NONE", "nil", "\\N", "#N/A N/A", "#NULL!",
    ]

    /// The name of the label column, if there is one.
    public var label: String? { columns.first { $0.kind == .label }?.name }

    /// The schema in a file.
    public init(contentsOf path: String) throws(FileError) {
        self = try JSON.read(from: path, expected: "the schema of a table", limit: 1 << 26)
        try check(path: path)
    }

    /// Throws if the schema is invalid, as one that was read from a file may be.
    private func check(path: String) throws(FileError) {
        let labels = columns.filter { $0.kind == .label }
        guard labels.count < 2 else {
            throw FileError(
                path: path, expected: "one column of labels",
                found: labels.map(\.name.quoted).joined(separator: " and "))
        }
        guard !columns.isEmpty else {
            throw FileError(path: path, expected: "a schema with columns", found: "none")
        }
        if let name = columns.map(\.name).firstDuplicate {
            throw FileError(
                path: path, expected: "columns of different names",
                found: "two called \(name.quoted)")
        }
        for texts in [missing] + columns.map(\.missing) {
            if let text = texts.firstDuplicate {
                throw FileError(
                    path: path, expected: "each text for a missing cell once",
                    found: "\(text.quoted) twice")
            }
        }
    }

    /// Writes the schema, to be edited.
    public func write(to path: String) throws(FileError) { try JSON.write(self, to: path) }

    /// Makes columns of numbers columns of their ranks.
    package mutating func rankNumbers() {
        for index in columns.indices where columns[index].kind == .number {
            columns[index].kind = .rank
        }
    }

    /// Makes a column the label column, in place of another.
    public mutating func setLabel(_ name: String, path: String) throws(FileError) {
        try setLabel(name, of: "labels", path: path)
    }

    /// - Parameter contents: what the column holds, for messages.
    package mutating func setLabel(
        _ name: String, of contents: String, path: String
    ) throws(FileError) {
        guard let index = columns.firstIndex(where: { $0.name == name }) else {
            throw FileError(noColumn: name, of: contents, among: columns.map(\.name), path: path)
        }
        for other in columns.indices where columns[other].kind == .label {
            columns[other].kind = .ignored
        }
        columns[index].kind = .label
    }
}

extension [String] {
    /// The first element that occurs a second time.
    var firstDuplicate: String? {
        var known: Set<String> = []
        return first { !known.insert($0).inserted }
    }
}
