import Autograd
import Datasets
import FileSupport
import LatentAnalysis
import Models

enum EditCommand: PictureCommand {
    static let name = "edit"
    static let summary = "Gives a sample attributes, such as a smile, by moving its code"
    static let attribute = CommandOption(
        "attribute", "NAME,…",
        "what to give: a label, a value of a column, COLUMN=VALUE, or a column of numbers")
    static let by = CommandOption(
        "by", "X,…",
        "how much: 1 is the difference between samples with and without it, a negative number takes it "
            + "away (default: 1)")
    static let against = CommandOption(
        "against", "NAME", "compare with the samples that have this, not with all others")
    static let orthogonalTo = CommandOption(
        "orthogonal-to", "NAME,…", "other attributes, which are to stay as they are")
    static let sample = CommandOption(
        "sample", "N", "the test sample that is edited, from 1 (default: 1)")
    static let options: [CommandOption] =
        [attribute, by, against, orthogonalTo, sample, .imageFile, .attributesFile, .outputFile]
        + TrainedRun.options
    static let details = """
        The mean code of the training samples that have an attribute, less that of those without, is the
        direction in which codes gain it. A row for each attribute: the sample, what its code decodes to
        as it is, and after the attribute was added with each strength. Attributes are the
        labels of the data, such as the names of subfolders of images, factors if they are known, and
        the columns of a table named by --attributes; of a column of numbers, those above
        the mean count as having it. A table beside the picture tells how many samples have each
        attribute, and the cosines of the angles between them.
        """
    static let file = RunFile.edit

    static func drawing(
        of trained: TrainedRun, _ arguments: Arguments, monitor: ProgressMonitor<some Error>
    ) throws -> Drawing {
        let model = try trained.autoencoder(for: name)
        let names = try arguments.names(attribute) ?? []
        guard !names.isEmpty else {
            throw UsageError("--\(attribute.name) NAME is missing: what to give the sample")
        }
        let others = try arguments.names(orthogonalTo) ?? []
        if let name = others.first(where: names.contains) {
            throw UsageError("--\(orthogonalTo.name) \(name): this is what is to be given")
        }
        let asked = try arguments.strengths(by) ?? [1]
        let strengths = asked.contains(0) ? asked : [0] + asked
        let chosen = try trained.sample(arguments, sample)
        let known = try SampleAttributes(
            of: trained.experiment.dataset, table: arguments.string(.attributesFile))
        guard !known.isEmpty else {
            throw FileError(
                path: trained.experiment.dataset.name,
                expected: "samples with labels, or a table of their attributes (--attributes FILE)",
                found: "neither")
        }
        let marks = try (names + others).map { try known.marks($0) }
        let base = try arguments.string(against).map { try known.marks($0) }
        let examples = trained.experiment.dataset.training
        let codes = try trained.finiteCodes(
            of: examples, by: model, monitor: monitor.part(0...0.8))
        let vectors = try zip(names + others, marks).enumerated().map { index, pair in
            try vector(
                pair.0, of: codes, pair.1, against: index < names.count ? base : nil, trained)
        }
        let given = try zip(names, vectors).map { name, vector in
            let rest = vector.orthogonal(to: Array(vectors[names.count...]))
            guard rest.length > 1e-6 * vector.length else {
                throw FileError(
                    path: trained.experiment.dataset.name,
                    expected: "an attribute \(name.quoted) that is more than those of "
                        + "--\(orthogonalTo.name)",
                    found: "the same direction of codes")
            }
            return rest
        }
        let picture = try Pictures(of: model, on: trained.experiment.dataset).edits(
            by: model, given, strengths: strengths, of: chosen, monitor: monitor.part(0.8...1))
        return Drawing(
            picture: picture, text: text(names, given), table: table(names, given))
    }

    /// Throws unless some samples have the attribute and others do not.
    private static func vector(
        _ name: String, of codes: Tensor, _ marks: [Bool?], against base: [Bool?]?,
        _ trained: TrainedRun
    ) throws(FileError) -> AttributeVector {
        var marks = marks
        if let base {
            // Both or neither tells nothing.
            marks = zip(marks, base).map {
                $0 == $1 ? nil : $0 == true ? true : $1 == true ? false : nil
            }
        }
        if let vector = AttributeVector(of: codes, marks) { return vector }
        let having = marks.count { $0 == true }
        throw FileError(
            path: trained.experiment.dataset.name,
            expected: "training samples with the attribute \(name.quoted) and others without it",
            found: having == 0 ? "none that has it" : "none without it")
    }

    private static func text(_ names: [String], _ vectors: [AttributeVector]) -> String {
        zip(names, vectors).map { name, vector in
            "\(name): \(vector.having) samples with it, \(vector.lacking) without, "
                + "\(Format.number(vector.length)) apart\n"
        }.joined()
    }

    private static func table(_ names: [String], _ vectors: [AttributeVector]) -> CSV.Table {
        CSV.Table(
            header: ["attribute", "having", "lacking", "length"]
                + names.map { "cosine with \($0)" },
            rows: zip(names, vectors).map { name, vector in
                [name, "\(vector.having)", "\(vector.lacking)", "\(vector.length)"]
                    + vectors.map { "\(vector.cosine(with: $0))" }
            })
    }
}

extension Arguments {
    /// Names with commas between them; nil if the option is not given.
    fileprivate func names(_ option: CommandOption) throws(UsageError) -> [String]? {
        try value(option, expected: "different names with commas between them") { text in
            let names = text.split(separator: ",", omittingEmptySubsequences: false)
                .map { String($0) }
            return names.contains("") || Set(names).count < names.count ? nil : names
        }
    }

    /// Numbers with commas between them; nil if the option is not given.
    fileprivate func strengths(_ option: CommandOption) throws(UsageError) -> [Double]? {
        try value(option, expected: "at most 30 numbers with commas between them") { text in
            let parts = text.split(separator: ",", omittingEmptySubsequences: false)
            let numbers = parts.compactMap { Double($0) }.filter(\.isFinite)
            return numbers.count == parts.count && numbers.count <= 30 ? numbers : nil
        }
    }
}
