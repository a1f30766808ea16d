import Autograd
import FileSupport

/// The examples in a file, and what should be known about them.
package struct ExamplesFile {
    package let examples: Examples
    /// The names of the classes; empty if there are none.
    package let classNames: [String]
    /// The names of a table's columns; empty if they have none.
    package let columnNames: [String]
    /// What a user should know about how the file was read, one sentence each.
    package let notes: [String]
}

extension Examples {
    /// The examples in a file, one per row; nil if neither its name nor its content is that of a
    /// data file.
    ///
    /// Images with channels last, [n, height, width, channels], are converted to [n, channels,
    /// height, width], or to [n, height, width] if grey.
    ///
    /// - Parameter source: where the labels are; nil if there are none, or if they are in an
    ///   archive.
    package static func file(
        _ path: String, labels source: LabelSource? = nil
    ) throws(FileError) -> ExamplesFile? {
        guard let format = DataFormat(ofFile: path) else { return nil }
        var inputs: Tensor
        var texts: [String?]?
        var condition: Tensor?
        var (columnNames, notes): ([String], [String]) = ([], [])
        switch (format, source) {
        case (.table, _):
            let table = try NumericTable(contentsOf: path, labels: source)
            (inputs, texts, columnNames) = (table.values, table.labels, table.columnNames)
            (condition, notes) = (table.condition, table.notes)
        case (_, .column(let name, isRequired: true)), (_, .condition(let name, _)):
            throw FileError(
                path: path,
                expected: "a file .csv or .tsv with a column \(name.quoted) of "
                    + (source?.contents ?? ""),
                found: "another name")
        case (.npy, _): inputs = try NPY.read(path)
        case (.idx, _): inputs = try IDX.read(path)
        case (.npz, _):
            let archive = try NPZ.readWithLabels(path)
            (inputs, notes) = (archive.samples, archive.notes)
            texts = archive.labels?.elements(as: Int32.self).map { "\($0)" }
        }
        guard inputs.rank >= 2 else {
            throw FileError(
                path: path, expected: "examples of shape [n, …]", found: "shape \(inputs.shape)")
        }
        guard inputs.count > 0 else {
            throw FileError(
                path: path, expected: "examples that are not empty",
                found: "none, in shape \(inputs.shape)")
        }
        if let (index, number) = inputs.firstOutOfRange {
            throw FileError(
                path: path, expected: "finite numbers within ±3.4e38",
                found: "\(number) at \(inputs.place(of: index))")
        }
        if case .file(let labelsPath) = source {
            texts = try LabelSource.texts(inFile: labelsPath, count: inputs.shape[0])
        }
        if let turned = try ChannelOrder.turned(inputs, path: path) {
            (inputs, notes) = (turned.images, notes + [turned.note])
        }
        let labels = ClassLabels(texts ?? [])
        let isImages = inputs.dataType == .uint8
        return ExamplesFile(
            examples: Examples(
                isImages ? inputs : inputs.cast(to: .float32), labels: labels.numbers,
                condition: condition),
            classNames: labels.classNames, columnNames: columnNames, notes: notes)
    }

    /// Reads images and labels from IDX files. Colour images are stored pixel by pixel in the file,
    /// plane by plane in the tensor.
    static func read(
        images imagesPath: String, labels labelsPath: String?, shape: [Int]? = nil,
        classCount: Int? = nil
    ) throws(FileError) -> Examples {
        try Examples(
            images: IDX.read(imagesPath), imagesPath,
            labels: labelsPath.map { path throws(FileError) in (try IDX.read(path), path) },
            shape: shape, classCount: classCount)
    }

    /// Images and labels as stored in IDX files, checked.
    ///
    /// - Parameters:
    ///   - path: the file of the images, and for the labels their own.
    ///   - shape: the shape of an image; nil if any is allowed.
    ///   - classCount: the labels are below it; nil if any are allowed.
    init(
        images: Tensor, _ path: String, labels: (numbers: Tensor, path: String)?, shape: [Int]?,
        classCount: Int?
    ) throws(FileError) {
        let isColoured = images.rank == 4 && images.shape[3] == 3
        guard images.dataType == .uint8, images.rank == 3 || isColoured, images.count > 0,
            shape == nil || Array(images.shape.dropFirst()) == shape
        else {
            let size = shape.map { $0.description(by: " × ") + " bytes" }
            throw FileError(
                path: path, expected: "images of \(size ?? "bytes, grey or in colour")",
                found: "\(images.dataType) of shape \(images.shape)")
        }
        let planes = isColoured ? images.transposed([0, 3, 1, 2]) : images
        guard let (numbers, labelsPath) = labels else {
            self.init(inputs: planes)
            return
        }
        guard numbers.dataType == .uint8, numbers.shape == [images.shape[0]] else {
            throw FileError(
                path: labelsPath, expected: "a byte for each of \(images.shape[0]) images",
                found: "\(numbers.dataType) of shape \(numbers.shape)")
        }
        let bytes = numbers.elements(as: UInt8.self)
        if let classCount, let index = bytes.firstIndex(where: { $0 >= classCount }) {
            throw FileError(
                path: labelsPath, expected: "labels of 0 to \(classCount - 1)",
                found: "\(bytes[index]) at index \(index)")
        }
        self.init(inputs: planes, labels: numbers.cast(to: .int32))
    }
}

extension Tensor {
    /// The first element that is not finite, or that `float32` cannot hold, and its position.
    fileprivate var firstOutOfRange: (index: Int, number: Double)? {
        func first<Element: TensorElement & BinaryFloatingPoint>(
            of type: Element.Type
        ) -> (Int, Double)? {
            withUnsafeElements(as: type) { numbers in
                let index = numbers.firstIndex {
                    !(abs(Double($0)) <= Double(Float.greatestFiniteMagnitude))
                }
                return index.map { ($0, Double(numbers[$0])) }
            }
        }
        return switch dataType {
        case .float32: first(of: Float.self)
        case .float64: first(of: Double.self)
        case .float16, .bfloat16: widened.firstOutOfRange
        case .int32, .uint8, .bool: nil
        }
    }

    /// The index along each axis of the element at a position; for a table, its row and column.
    fileprivate func place(of position: Int) -> String {
        var rest = position
        let coordinates = Array(
            shape.reversed().map { size in
                defer { rest /= size }
                return rest % size
            }.reversed())
        return "\(coordinates)"
            + (rank == 2 ? " (row \(coordinates[0] + 1), column \(coordinates[1] + 1))" : "")
    }
}
