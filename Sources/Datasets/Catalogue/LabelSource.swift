import Autograd
import FileSupport

/// Where the labels of the samples in a file are.
package enum LabelSource: Hashable, Sendable {
    /// In a column of the file itself, which is then not an input: given by name, or by number from
    /// 1 if columns have no names. Unless it is required, the column may be absent.
    case column(String, isRequired: Bool)
    /// A column of what a conditional model is told, which is not an input either: labels, or numbers
    /// instead of labels. Nil if that is to be seen from its cells: numbers if all of them are.
    case condition(String, isNumber: Bool?)
    /// In another file, one label for each sample: integers as `.npy` or IDX, or the only column of
    /// a table.
    case file(String)

    /// The column of the file itself, by name or number; nil if it is another file.
    var column: String? {
        switch self {
        case .column(let name, _), .condition(let name, _): name
        case .file: nil
        }
    }

    /// Whether it is an error if the column does not exist.
    var isRequired: Bool {
        switch self {
        case .column(_, let isRequired): isRequired
        case .condition, .file: true
        }
    }

    /// What the column holds, in a word.
    var contents: String {
        if case .condition = self { "conditions" } else { "labels" }
    }

    /// The labels in their own file, one for each of `count` samples, nil if missing.
    ///
    /// - Throws: if their number differs, or the file does not hold labels.
    package static func texts(inFile path: String, count: Int) throws(FileError) -> [String?] {
        let texts: [String?]
        switch DataFormat(ofFile: path) {
        case .npy: texts = try wholeNumbers(NPY.read(path), path: path)
        case .npz: texts = try wholeNumbers(NPZ.read(path), path: path)
        case .idx: texts = try wholeNumbers(IDX.read(path), path: path)
        case .table:
            let table = try CSV.decode(
                CSV.text(of: path), .usual(ofFile: path), hasHeader: false, skipsEmptyLines: false,
                path: path)
            texts = try column(of: table, count, path: path)
        case nil:
            throw FileError(
                path: path, expected: "labels in a file .npy, .csv, .tsv or IDX",
                found: "another name")
        }
        guard texts.count == count else {
            throw FileError(
                path: path, expected: "a label for each of \(count) samples",
                found: "\(texts.count)")
        }
        return texts
    }

    /// The labels of the rows of a table, nil if missing. A label column that the encoding does not
    /// know is removed from the table.
    package func labels(
        of table: inout CSV.Table, readBy encoding: TableEncoding, path: String
    ) throws(FileError) -> [String?]? {
        switch self {
        case .file(let labelsPath):
            return try Self.texts(inFile: labelsPath, count: table.rowCount)
        case .column(let name, _), .condition(let name, _):
            guard let place = table.header.firstIndex(of: name) else {
                if !isRequired { return nil }
                throw FileError(noColumn: name, of: contents, among: table.header, path: path)
            }
            let missing = MissingCells(encoding.missing, takesMarks: false)
            let labels = table.texts(of: place) { missing.contains($0) }
            if !encoding.columns.contains(where: { $0.name == name }) { table.removeColumn(place) }
            return labels
        }
    }

    private static func wholeNumbers(_ labels: Tensor, path: String) throws(FileError) -> [String] {
        guard labels.rank == 1, !labels.dataType.isFloatingPoint, !labels.dataType.onlyStores
        else {
            throw FileError(
                path: path, expected: "whole numbers of shape [n] as labels",
                found: "\(labels.dataType) of shape \(labels.shape)")
        }
        return labels.cast(to: .int32).elements(as: Int32.self).map(\.description)
    }

    /// The only column of a table of labels, without its name if it has one.
    private static func column(
        of table: CSV.Table, _ count: Int, path: String
    ) throws(FileError) -> [String?] {
        if table.rowCount == 0 { return [] }
        guard table.columnCount == 1 else {
            throw FileError(
                path: path, expected: "one column, of labels",
                found: "\(table.columnCount) columns")
        }
        var texts = table.texts(of: 0, isMissing: isMissing)
        // Empty lines at the end do not stand for missing labels.
        while texts.count > count, texts.last == .some(nil) { texts.removeLast() }
        // A text above numbers is a name; above texts, so is one that makes one too many and
        // differs from all others.
        guard let first = texts.first ?? nil, plainNumber(first) == nil else { return texts }
        let others = texts.dropFirst().compactMap { $0 }
        let areNumbers = !others.isEmpty && others.allSatisfy { plainNumber($0) != nil }
        let isName = areNumbers || texts.count == count + 1 && !others.contains(first)
        return isName ? Array(texts.dropFirst()) : texts
    }

    private static let missing = MissingCells(TableSchema.usualMissing, takesMarks: false)

    /// Whether a cell without the blanks around it stands for a missing label.
    static func isMissing(_ cell: Span<UInt8>) -> Bool { missing.contains(cell) }
}

extension FileError {
    /// The error that a table has no such column.
    init(
        noColumn column: String, of contents: String = "labels", among names: [String],
        path: String
    ) {
        let guess = nearest(to: column, in: names).map { ", perhaps \($0)" } ?? ""
        self.init(
            path: path, expected: "a column \(column.quoted) of \(contents)\(guess)", found: "none")
    }
}
