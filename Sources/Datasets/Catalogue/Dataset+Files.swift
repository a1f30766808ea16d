import Autograd

extension Dataset {
    /// The data set in a file, one example a row; nil where the name is not that of a data file.
    ///
    /// - Parameter labels: where its labels are; nil where it has none.
    package static func file(
        _ path: String, selecting selection: Selection = Selection(), labels: LabelSource? = nil
    ) throws(FileError) -> Dataset? {
        guard let (examples, classNames) = try Examples.file(path, labels: labels) else {
            return nil
        }
        return try Dataset(
            name: path, splitting: examples, classNames: classNames, source: path, path: path,
            selection)
    }

    /// As usual a tenth of the examples to test on, chosen by chance but always the same.
    init(
        name: String, splitting examples: Examples, classNames: [String], source: String,
        path: String, _ selection: Selection = Selection()
    ) throws(FileError) {
        let (training, test) = try selection.split(examples.count, path: path)
        self.init(
            name: name, training: examples[training], test: examples[test],
            classNames: classNames, source: source)
    }

    /// With those of the training examples alone that have some label.
    ///
    /// - Throws: where there are none.
    package func training(onLabel label: String) throws(FileError) -> Dataset {
        guard let number = classNames.firstIndex(of: label), let labels = training.labels else {
            throw FileError(
                path: name, expected: "samples with the label \(label.quoted)",
                found: classNames.isEmpty
                    ? "none with labels" : "labels \(classNames.joined(separator: ", "))")
        }
        let numbers = labels.elements(as: Int32.self)
        let chosen = training[numbers.indices.filter { numbers[$0] == number }]
        guard chosen.count > 0 else {
            throw FileError(
                path: name, expected: "samples to train on with the label \(label.quoted)",
                found: "none")
        }
        return Dataset(
            name: name, training: chosen, test: test, classNames: classNames, source: source)
    }
}

extension Examples {
    /// The examples in a file, one a row, and what their labels mean; nil where the name is not
    /// that of a data file.
    ///
    /// - Parameter source: where the labels are; nil where there are none.
    package static func file(
        _ path: String, labels source: LabelSource? = nil
    ) throws(FileError) -> (examples: Examples, classNames: [String])? {
        guard let format = DataFormat(ofFile: path) else { return nil }
        let inputs: Tensor
        var texts: [String?]?
        switch (format, source) {
        case (.table(let dialect), _):
            (inputs, texts) = try CSV.readNumbers(path, dialect, labels: source)
        case (_, .column(let name, isRequired: true)):
            throw FileError(
                path: path, expected: "a file .csv or .tsv with a column \(name.quoted) of labels",
                found: "another name")
        case (.npy, _): inputs = try NPY.read(path)
        case (.idx, _): inputs = try IDX.read(path)
        }
        guard inputs.rank >= 2 else {
            throw FileError(
                path: path, expected: "examples of shape [n, …]", found: "shape \(inputs.shape)")
        }
        if let index = inputs.firstNotFinite {
            throw FileError(
                path: path, expected: "finite numbers",
                found: "another at \(inputs.coordinates(of: index))")
        }
        if case .file(let labelsPath) = source {
            texts = try LabelSource.texts(inFile: labelsPath, count: inputs.shape[0])
        }
        let labels = ClassLabels(texts ?? [])
        let isImages = inputs.dataType == .uint8
        return (
            Examples(
                inputs: isImages ? inputs : inputs.cast(to: .float32), labels: labels.numbers),
            labels.classNames
        )
    }

    /// Reads images and labels from IDX files. Colour images lie pixel by pixel in the
    /// file, plane by plane in the tensor.
    /// - Parameters:
    ///   - shape: that of an image; nil where any will do.
    ///   - classCount: the labels are below it; nil where any will do.
    static func read(
        images imagesPath: String, labels labelsPath: String?, shape: [Int]? = nil,
        classCount: Int? = nil
    ) throws(FileError) -> Examples {
        var images = try IDX.read(imagesPath)
        let isColoured = images.rank == 4 && images.shape[3] == 3
        guard images.dataType == .uint8, images.rank == 3 || isColoured, images.count > 0,
            shape == nil || Array(images.shape.dropFirst()) == shape
        else {
            let size = shape.map { $0.description(by: " × ") + " bytes" }
            throw FileError(
                path: imagesPath, expected: "images of \(size ?? "bytes, grey or in colour")",
                found: "\(images.dataType) of shape \(images.shape)")
        }
        if isColoured { images = images.transposed([0, 3, 1, 2]) }
        guard let labelsPath else { return Examples(inputs: images) }

        let labels = try IDX.read(labelsPath)
        guard labels.dataType == .uint8, labels.shape == [images.shape[0]] else {
            throw FileError(
                path: labelsPath, expected: "a byte for each of \(images.shape[0]) images",
                found: "\(labels.dataType) of shape \(labels.shape)")
        }
        if let classCount,
            let index = labels.elements(as: UInt8.self).firstIndex(where: { $0 >= classCount })
        {
            throw FileError(
                path: labelsPath, expected: "labels of 0 to \(classCount - 1)",
                found: "\(labels.elements(as: UInt8.self)[index]) at index \(index)")
        }
        return Examples(inputs: images, labels: labels.cast(to: .int32))
    }
}

extension Tensor {
    /// Position of the first element that is infinite or not a number.
    fileprivate var firstNotFinite: Int? {
        switch dataType {
        case .float32: withUnsafeElements(as: Float.self) { $0.firstIndex { !$0.isFinite } }
        case .float64: withUnsafeElements(as: Double.self) { $0.firstIndex { !$0.isFinite } }
        case .int32, .uint8, .bool: nil
        }
    }

    /// The index along each axis of the element at a position.
    fileprivate func coordinates(of position: Int) -> [Int] {
        var rest = position
        return shape.reversed().map { size in
            defer { rest /= size }
            return rest % size
        }.reversed()
    }
}
