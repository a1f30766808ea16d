import Autograd
import Datasets
import Foundation
import Models

/// The data of a run, as it was asked to take them.
struct RunData {
    let dataset: Dataset
    /// How the rows of a table become samples; nil where the samples are none.
    let encoding: TableEncoding?
    /// The table as it stands in the file.
    let table: CSV.Table?
    /// What was found when they were read, a sentence each.
    let notes: [String]
    /// Whether these are the run's own samples, but no longer what it was trained on.
    private(set) var hasChanged = false

    /// For a run that begins: what is fitted to a table is fitted now.
    init(
        _ choice: DataChoice, for recipe: Recipe, _ selection: DataSelection?, seed: UInt64
    ) throws {
        guard recipe.readsTables, TableDataset.isTable(choice.name) else {
            self = try RunData(
                samples: choice, for: recipe, selection, seed: seed, isOwn: true,
                requiresLabel: true)
            return
        }
        if selection?.labels != nil {
            throw UsageError(
                "--\(Option.labels.name): the recipe \(recipe.name) has labels in a column of the "
                    + "table, see --\(Option.label.name)")
        }
        let table = try TableDataset.table(choice.name)
        var schema =
            try selection?.schema.map { path throws(FileError) in
                try TableSchema(contentsOf: path)
            }
            ?? TableSchema(
                inferredFrom: table, label: TableDataset.usualLabel(of: choice.name),
                path: choice.name)
        if let label = selection?.label { try schema.setLabel(label, path: choice.name) }
        let seen = selection?.hidden.map { schema.hiding($0, of: table, seed: seed) } ?? table
        let read = try TableDataset(
            seen, name: choice.name, schema: schema,
            selecting: Selection(selection, seed: seed))
        self.init(
            dataset: read.dataset, encoding: read.encoding, table: seen,
            notes: schema.notes(on: table))
    }

    /// What is done with a file that the run was not trained on.
    enum OtherFile {
        /// All of it is looked at.
        case whole
        /// A part is learnt from, and the other tested on: as large as always where nil. The labels
        /// are in a column, where it is named; else where the run has them.
        case split(testShare: Double?, label: String?)

        /// What the options say of the second.
        static func split(_ arguments: Arguments) throws(UsageError) -> OtherFile {
            let asked = try DataSelection(arguments)
            return .split(testShare: asked?.testShare, label: asked?.label)
        }
    }

    /// For a run that is there: with the encoding in its folder.
    init(_ choice: DataChoice, of run: Run, otherFile: OtherFile = .whole) throws {
        let configuration = run.configuration
        var selection = configuration.selection
        let seed = configuration.settings.seed
        if choice.name == configuration.data, choice.name.hasPrefix("/"),
            !FileManager.default.fileExists(atPath: choice.name)
        {
            throw FileError(
                path: choice.name, expected: "the data that the run in \(run.path) was trained on",
                found: "no such file")
        }
        let isOwn = choice.name == configuration.data
        let isFile = !isOwn && !Dataset.names.contains(choice.name)
        var requiresLabel = isOwn
        if !isOwn {
            // What is asked of the run's own samples says nothing about others, but for the
            // column of labels.
            selection = DataSelection(label: isFile ? selection?.label : nil)
        }
        switch otherFile {
        case .whole: if isFile { selection?.testShare = 0 }
        case .split(nil, nil): break
        case .split(let testShare, let label):
            let option = testShare == nil ? Option.label : .testShare
            guard isFile else {
                throw UsageError(
                    "--\(option.name): only for a file that the run was not trained on")
            }
            guard label == nil || !run.isAboutTable else {
                throw UsageError(
                    "--\(option.name): labels are in the column that the run knows them by")
            }
            selection?.testShare = testShare
            if let label { selection?.label = label }
            requiresLabel = label != nil
        }
        guard run.isAboutTable else {
            let recipe = try Recipe.named(configuration.recipe)
            self = try RunData(
                samples: choice, for: recipe, selection, seed: seed, isOwn: isOwn,
                requiresLabel: requiresLabel)
            try checkColumns(of: run)
            noticeChanges(of: run, isOwn: isOwn)
            return
        }
        let encoding = try TableEncoding(contentsOf: run.file(RunFile.encoding))
        let table = try TableDataset.table(choice.name)
        let seen = selection?.hidden.map { encoding.hiding($0, of: table, seed: seed) } ?? table
        let read = try TableDataset(
            seen, name: choice.name, encoding: encoding,
            selecting: Selection(selection, seed: seed))
        self.init(dataset: read.dataset, encoding: encoding, table: seen)
        noticeChanges(of: run, isOwn: isOwn)
    }

    private mutating func noticeChanges(of run: Run, isOwn: Bool) {
        guard isOwn, let known = run.configuration.dataChecksum else { return }
        hasChanged = known != dataset.training.checksumText
    }

    /// Refuses numbers in columns of other names, or in another order, than those trained on.
    private func checkColumns(of run: Run) throws(FileError) {
        let (known, found) = (run.configuration.columnNames ?? [], dataset.columnNames)
        guard !known.isEmpty, !found.isEmpty, known != found else { return }
        let (expected, order) = (known.quotedList(most: 8), found.quotedList(most: 8))
        throw FileError(
            path: dataset.name,
            expected: "the columns \(expected), as the run in \(run.path) knows them",
            found: known.sorted() == found.sorted()
                ? "them in the order \(order)" : "the columns \(order)")
    }

    private init(
        dataset: Dataset, encoding: TableEncoding?, table: CSV.Table?, notes: [String]? = nil
    ) {
        self.dataset = dataset
        self.notes = notes ?? dataset.notes
        self.encoding = encoding
        self.table = table
    }

    /// Samples that are no rows of a table.
    ///
    /// - Parameters:
    ///   - isOwn: whether they are what the selection was made for.
    ///   - requiresLabel: whether a column of labels that it names must be there.
    private init(
        samples choice: DataChoice, for recipe: Recipe, _ selection: DataSelection?, seed: UInt64,
        isOwn: Bool, requiresLabel: Bool
    ) throws {
        let given: [(Option, Any?)] = [
            (.schema, selection?.schema), (.hiddenShare, selection?.hidden),
        ]
        if let (option, _) = given.first(where: { $0.1 != nil }) {
            throw UsageError(
                "--\(option.name): only the recipe \(Recipe.table.name) reads tables, from files "
                    + ".csv or .tsv")
        }
        let labels = LabelSource(selection, isOwn: isOwn, isRequired: requiresLabel)
        var dataset: Dataset
        if Dataset.names.contains(choice.name) {
            if selection?.testShare != nil {
                throw UsageError(
                    "--\(Option.testShare.name): \(choice.name) is split into training and test "
                        + "samples already")
            }
            if isOwn,
                let (option, _) = selection?.asOptions
                    .first(where: { [.label, .labels].contains($0.option) })
            {
                throw UsageError(
                    "--\(option.name): only for samples of a file, and \(choice.name) is none")
            }
            dataset = try choice.load()
        } else {
            dataset =
                try Dataset.file(
                    choice.name, selecting: Selection(selection, seed: seed), labels: labels)
                ?? choice.load()
        }
        if let normal = selection?.normal { dataset = try dataset.training(onLabel: normal) }
        self.init(dataset: dataset, encoding: nil, table: nil)
    }
}

extension Examples {
    /// The checksum as it is kept in a run's configuration.
    var checksumText: String {
        let digits = String(checksum, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

extension LabelSource {
    /// Where a selection says that labels are. Other data than those it was made for may have
    /// them in the same column, but not in the same file.
    init?(_ selection: DataSelection?, isOwn: Bool = true, isRequired: Bool = true) {
        if let column = selection?.label {
            self = .column(column, isRequired: isRequired)
        } else if isOwn, let path = selection?.labels {
            self = .file(path)
        } else {
            return nil
        }
    }
}

extension Recipe {
    /// Whether its samples are the rows of tables with mixed columns.
    var readsTables: Bool { defaults.table != nil }
}

extension Selection {
    fileprivate init(_ asked: DataSelection?, seed: UInt64) {
        // As always, unless something else is asked for.
        self.init()
        if let share = asked?.testShare { (testShare, self.seed) = (share, seed) }
        normal = asked?.normal
    }
}

extension TableLayout {
    /// That of the samples that an encoding makes.
    init(_ encoding: TableEncoding) {
        self.init(
            columns: encoding.inputs.map { column in
                switch column.kind {
                case .category: .category(values: column.values)
                case .embedding: .embedding(values: column.values)
                case .number, .rank, .date, .ignored, .label: .number
                }
            })
    }
}

extension DataSelection {
    /// What the options say; nil where they say nothing.
    init?(_ arguments: Arguments) throws(UsageError) {
        let share = try arguments.number(.testShare, expected: "a number from 0 and below 1") {
            0..<1 ~= $0
        }
        let hidden = try arguments.number(
            .hiddenShare, expected: "a number above 0 and below 1"
        ) { $0 > 0 && $0 < 1 }
        guard arguments.string(.label) == nil || arguments.string(.labels) == nil else {
            throw UsageError(
                "--\(Option.label.name) and --\(Option.labels.name): labels come from one place")
        }
        self.init(
            schema: arguments.string(.schema).map(DataChoice.absolute),
            label: arguments.string(.label),
            labels: arguments.string(.labels).map(DataChoice.absolute), testShare: share,
            normal: arguments.string(.normal), hidden: hidden)
        if self == DataSelection() { return nil }
    }

    /// The options, and what they would have to say for this.
    var asOptions: [(option: Option, value: String)] {
        let options: [(Option, String?)] = [
            (.schema, schema), (.label, label), (.labels, labels),
            (.testShare, testShare.map { "\($0)" }),
            (.normal, normal), (.hiddenShare, hidden.map { "\($0)" }),
        ]
        return options.compactMap { option, value in value.map { (option, $0) } }
    }
}
