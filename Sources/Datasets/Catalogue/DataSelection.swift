/// Which data a run learns from, and how it reads them: what was asked for.
public struct DataSelection: Codable, Hashable, Sendable {
    /// The name of the data set, or the path of a file.
    public var name: String
    /// The folder that a named one was looked for in.
    public var directory: String?
    /// The path of the schema of a table.
    public var schema: String?
    /// The column of labels of a table.
    public var label: String?
    /// The path of a file with a label for each sample.
    public var labels: String?
    /// The part of the samples that is kept to test on.
    public var testShare: Double?
    /// The label of the samples that are trained on, where these are some alone.
    public var normal: String?
    /// The part of a table's cells that is hidden, to see what a model makes of them.
    public var hidden: Double?

    public init(
        _ name: String, directory: String? = nil, schema: String? = nil, label: String? = nil,
        labels: String? = nil, testShare: Double? = nil, normal: String? = nil,
        hidden: Double? = nil
    ) {
        self.name = name
        self.directory = directory
        self.schema = schema
        self.label = label
        self.labels = labels
        self.testShare = testShare
        self.normal = normal
        self.hidden = hidden
    }

    /// How the examples of a file are split: as always, unless a part of them is asked for, which
    /// the seed then chooses.
    public func split(seed: UInt64) -> DataSplit {
        guard let testShare else { return DataSplit(normal: normal) }
        return DataSplit(testShare: testShare, seed: seed, normal: normal)
    }

    /// Where the labels of the examples in a file are; nil where that is not said.
    ///
    /// - Parameter requiresColumn: whether a column that is named has to be there.
    package func labelSource(requiresColumn: Bool) -> LabelSource? {
        label.map { .column($0, isRequired: requiresColumn) } ?? labels.map { .file($0) }
    }

    /// Whether both take what lies in one place, whatever they select of it.
    public func isOfSameData(as other: DataSelection) -> Bool {
        name == other.name && directory == other.directory
    }
}
