import Autograd
import FileSupport

/// Where the labels of the samples in a file are.
package enum LabelSource: Hashable, Sendable {
    /// In a column of the file itself, which is then not an input: given by name, or by number from
    /// 1 if columns have no names. Unless it is required, the column may be absent.
    case column(String, isRequired: Bool)
    /// In another file, one label for each sample: integers as `.npy` or IDX, or the only column of
    /// a table.
    case file(String)

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
            texts = try column(table.rows, count, path: path)
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
            return try Self.texts(inFile: labelsPath, count: table.rows.count)
        case .column(let name, let isRequired):
            guard let place = table.header.firstIndex(of: name) else {
                if !isRequired { return nil }
                throw FileError(noLabels: name, among: table.header, path: path)
            }
            let cells = table.rows.map { $0[place] }
            if !encoding.columns.contains(where: { $0.name == name }) {
                table.header.remove(at: place)
                for row in table.rows.indices { table.rows[row].remove(at: place) }
            }
            return cells.map { encoding.isMissing($0) ? nil : $0.trimmed }
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
        _ rows: [[String]], _ count: Int, path: String
    ) throws(FileError) -> [String?] {
        if let first = rows.first, first.count != 1 {
            throw FileError(
                path: path, expected: "one column, of labels", found: "\(first.count) columns")
        }
        var texts = rows.map { label(in: $0[0]) }
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

    /// The text of a cell; nil if it stands for a missing label.
    static func label(in cell: String) -> String? {
        let text = cell.trimmed
        return TableSchema.usualMissing.contains(text) ? nil : text
    }
}

extension FileError {
    /// The error that a table has no such label column.
    init(noLabels column: String, among names: [String], path: String) {
        let guess = nearest(to: column, in: names).map { ", perhaps \($0)" } ?? ""
        self.init(
            path: path, expected: "a column \(column.quoted) of labels\(guess)", found: "none")
    }
}
