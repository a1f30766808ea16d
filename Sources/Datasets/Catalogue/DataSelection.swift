/// Which data a run learns from, and how it reads them, as requested.
public struct DataSelection: Codable, Hashable, Sendable {
    /// The name of the data set, or the path of a file or of a folder of images.
    public var name: String
    /// The folder in which a named data set was looked for.
    public var directory: String?
    /// The path of the schema of a table.
    public var schema: String?
    /// The label column of a table.
    public var label: String?
    /// The path of a file with a label for each sample.
    public var labels: String?
    /// The path of a file, or a folder, with a mask for each image.
    public var masks: String?
    /// The column of a table that a conditional model is told, instead of labels.
    public var condition: String?
    /// The share of the samples that is kept for testing.
    public var testShare: Double?
    /// If given, training uses only the samples with this label.
    public var normal: String?
    /// The number of training samples that keep their labels; nil if all do.
    public var labelsKept: Int?
    /// The share of a table's cells that is hidden, to see what a model predicts for them.
    public var hidden: Double?
    /// How images of a folder become samples; nil for the usual way.
    public var images: ImageFitting?
    /// How images are turned; nil if they stay.
    public var turning: Turning?
    /// How grey values become black and white; nil if they stay.
    public var binarization: Binarization?
    /// How noise is put between 8-bit values; nil if they stay.
    public var dequantization: Dequantization?

    public init(
        _ name: String, directory: String? = nil, schema: String? = nil, label: String? = nil,
        labels: String? = nil, condition: String? = nil, testShare: Double? = nil,
        normal: String? = nil,
        hidden: Double? = nil, images: ImageFitting? = nil, binarization: Binarization? = nil,
        dequantization: Dequantization? = nil, labelsKept: Int? = nil, turning: Turning? = nil,
        masks: String? = nil
    ) {
        self.name = name
        self.directory = directory
        self.schema = schema
        self.label = label
        self.labels = labels
        self.condition = condition
        self.testShare = testShare
        self.normal = normal
        self.hidden = hidden
        self.images = images
        self.binarization = binarization
        self.dequantization = dequantization
        self.labelsKept = labelsKept
        self.turning = turning
        self.masks = masks
    }

    /// How the examples of a file are split: by default, always the same way; if a share was
    /// requested, with the given seed.
    public func split(seed: UInt64) -> DataSplit {
        guard let testShare else { return DataSplit(normal: normal) }
        return DataSplit(testShare: testShare, seed: seed, normal: normal)
    }

    /// Where the labels of the examples in a file, or their conditions, are; nil if that is not given.
    ///
    /// - Parameters:
    ///   - requiresColumn: whether a named label column has to exist.
    ///   - hasNumbers: whether conditions are numbers; nil if that is to be seen from the file.
    package func labelSource(requiresColumn: Bool, hasNumbers: Bool? = nil) -> LabelSource? {
        if let condition { return .condition(condition, isNumber: hasNumbers) }
        return label.map { .column($0, isRequired: requiresColumn) } ?? labels.map { .file($0) }
    }

    /// Whether both read the same data, whatever they select from it.
    public func isOfSameData(as other: DataSelection) -> Bool {
        name == other.name && directory == other.directory
    }
}
