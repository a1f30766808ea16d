/// Which of the data a run learns from, and how it reads them: what was asked for besides the
/// data's name.
public struct DataSelection: Codable, Hashable, Sendable {
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
        schema: String? = nil, label: String? = nil, labels: String? = nil,
        testShare: Double? = nil,
        normal: String? = nil, hidden: Double? = nil
    ) {
        self.schema = schema
        self.label = label
        self.labels = labels
        self.testShare = testShare
        self.normal = normal
        self.hidden = hidden
    }
}
