import Autograd

/// Examples to learn from and others to test on, in a fixed split.
///
/// ```swift
/// let digits = try Dataset.named("digits")
/// let images = digits.training.scaled()      // float32, [4500, 28, 28], 0 to 1
/// ```
public struct Dataset: Sendable {
    /// Its name, see ``Dataset/names``.
    public let name: String
    public let training: Examples
    public let test: Examples
    /// The names of the classes, in the order of their labels. Empty if there are none.
    public let classNames: [String]
    /// The names of the numeric columns of a table, in order; empty if there are none.
    public let columnNames: [String]
    /// What a user should know about how the data were read, one sentence each.
    public let notes: [String]
    /// The authors of the data, or how it was generated.
    public let source: String

    /// Traps if the two parts differ in the shape or type of their examples.
    public init(
        name: String, training: Examples, test: Examples, classNames: [String],
        columnNames: [String] = [], notes: [String] = [], source: String
    ) {
        guard training.shape == test.shape,
            training.inputs.dataType == test.inputs.dataType
        else {
            programmerError(
                "Dataset",
                "\(name) has examples of shape \(training.shape) to train on and of shape "
                    + "\(test.shape) to test on")
        }
        self.name = name
        self.training = training
        self.test = test
        self.classNames = classNames
        self.columnNames = columnNames
        self.notes = notes
        self.source = source
    }

    /// The name of a label's class; its number if the name is unknown, nil if the label is
    /// negative.
    public func className(of label: Int32) -> String? {
        if label < 0 { return nil }
        return classNames.indices.contains(Int(label)) ? classNames[Int(label)] : "\(label)"
    }
}

/// Inputs in memory with their labels, targets and weights: a source of batches.
public struct Examples: Sendable {
    /// Images: `uint8`, [n, height, width] or, in colour, [n, 3, height, width].
    /// Anything else: `float32`, [n, …].
    public let inputs: Tensor
    /// `int32`, [n]; negative for an example without a label.
    public let labels: Tensor?
    /// [n, …]: what the model should return for each input; nil if that is the input itself.
    public let targets: Tensor?
    /// [n]: the factor of each example's loss; nil if all are 1.
    public let weights: Tensor?
    /// What each was made of; nil if that is not known.
    public let factors: Factors?
    /// `float64`, [n]: a number that is known of each example, and no part of its input.
    public let condition: Tensor?
    /// `uint8`, [n, height, width]: 1 where an image shows what is to be learnt, else 0; nil if that is not
    /// known.
    public private(set) var regions: Tensor?
    /// What is drawn anew for each batch; nil if inputs are given as they are.
    let drawing: Drawing?
    /// The original position of each example; nil if no selection was made.
    private let origins: [Int]?

    /// Traps if the targets, labels, weights, factors or conditions differ from the inputs in number.
    public init(
        _ inputs: Tensor, targets: Tensor? = nil, labels: Tensor? = nil, weights: Tensor? = nil,
        factors: Factors? = nil, condition: Tensor? = nil
    ) {
        self.init(
            inputs: inputs, targets: targets, labels: labels, weights: weights, factors: factors,
            condition: condition, origins: nil)
    }

    /// - Parameter origins: the position of each among all that were read together.
    init(_ inputs: Tensor, labels: Tensor?, condition: Tensor? = nil, origins: [Int]) {
        self.init(
            inputs: inputs, targets: nil, labels: labels, weights: nil, factors: nil,
            condition: condition, origins: origins)
    }

    /// Traps unless there is a label for each input.
    public init(inputs: Tensor, labels: Tensor? = nil) {
        self.init(inputs, labels: labels)
    }

    private init(
        inputs: Tensor, targets: Tensor?, labels: Tensor?, weights: Tensor?, factors: Factors?,
        condition: Tensor?, origins: [Int]?, drawing: Drawing? = nil, regions: Tensor? = nil
    ) {
        guard inputs.rank >= 1, labels == nil || labels?.shape == [inputs.shape[0]],
            labels == nil || labels?.dataType == .int32
        else {
            programmerError(
                "Examples",
                "inputs of shape \(inputs.shape) with labels of shape "
                    + "\(labels?.shape ?? [])")
        }
        guard targets == nil || targets?.shape.first == inputs.shape[0],
            weights == nil || weights?.shape == [inputs.shape[0]],
            factors == nil || factors?.values.shape[0] == inputs.shape[0],
            condition == nil || condition?.shape == [inputs.shape[0]],
            regions == nil || regions?.shape.first == inputs.shape[0]
        else {
            programmerError(
                "Examples",
                "inputs of shape \(inputs.shape) with targets of shape \(targets?.shape ?? []), "
                    + "weights of shape \(weights?.shape ?? []), factors of shape "
                    + "\(factors?.values.shape ?? []) and conditions of shape "
                    + "\(condition?.shape ?? [])")
        }
        self.inputs = inputs
        self.targets = targets
        self.labels = labels
        self.weights = weights
        self.factors = factors
        self.condition = condition
        self.origins = origins
        self.drawing = drawing
        self.regions = regions
    }

    /// The same examples with other inputs.
    func with(_ inputs: Tensor, drawing: Drawing? = nil) -> Examples {
        Examples(
            inputs: inputs, targets: targets, labels: labels, weights: weights, factors: factors,
            condition: condition, origins: origins, drawing: drawing, regions: regions)
    }

    /// The same examples with other inputs, made of these by a factor of which each has a value.
    func with(_ inputs: Tensor, by factor: Factor, _ values: Tensor) -> Examples {
        let factors =
            factors?.adding(factor, values)
            ?? Factors([factor], values: values.cast(to: .float32).expandingAxis(1))
        return Examples(
            inputs: inputs, targets: targets, labels: labels, weights: weights, factors: factors,
            condition: condition, origins: origins, drawing: drawing, regions: regions)
    }

    /// The same examples with other labels.
    func with(labels: Tensor?) -> Examples {
        Examples(
            inputs: inputs, targets: targets, labels: labels, weights: weights, factors: factors,
            condition: condition, origins: origins, drawing: drawing, regions: regions)
    }

    /// The same examples with masks, `uint8`, [n, height, width].
    func with(regions: Tensor) -> Examples {
        var examples = self
        examples.regions = regions
        return examples
    }

    /// The same examples with other conditions.
    func with(condition: Tensor?) -> Examples {
        Examples(
            inputs: inputs, targets: targets, labels: labels, weights: weights, factors: factors,
            condition: condition, origins: origins, drawing: drawing)
    }

    /// The position of an example, from 0, among all that were read together: in its file, for
    /// example, if these are only a part of it.
    public func origin(of position: Int) -> Int { origins?[position] ?? position }

    /// The number of examples.
    public var count: Int { inputs.shape[0] }

    /// The shape of one input.
    public var shape: [Int] { Array(inputs.shape.dropFirst()) }

    /// The examples that have a label.
    public var labelled: Examples {
        let labels = labels?.elements(as: Int32.self) ?? []
        let positions = labels.indices.filter { labels[$0] >= 0 }
        return positions.count == count ? self : self[positions]
    }

    /// The inputs as `float32`: pixels scaled to 0…1, other numbers unchanged.
    public func scaled() -> Tensor { inputs.scaledPixels(as: .float32) }

    /// The examples at these positions, in this order. Traps if a position is out of range.
    public subscript(positions: [Int]) -> Examples {
        Examples(
            inputs: rows(of: inputs, at: positions),
            targets: targets.map { rows(of: $0, at: positions) },
            labels: labels.map { rows(of: $0, at: positions) },
            weights: weights.map { rows(of: $0, at: positions) },
            factors: factors.map { $0[positions] },
            condition: condition.map { rows(of: $0, at: positions) },
            origins: positions.map(origin), drawing: drawing,
            regions: regions.map { rows(of: $0, at: positions) })
    }

    private func rows(of tensor: Tensor, at positions: [Int]) -> Tensor {
        switch tensor.dataType {
        case .float32: rows(of: tensor, at: positions, as: Float.self)
        case .float64: rows(of: tensor, at: positions, as: Double.self)
        case .int32: rows(of: tensor, at: positions, as: Int32.self)
        case .uint8: rows(of: tensor, at: positions, as: UInt8.self)
        case .bool: rows(of: tensor, at: positions, as: Bool.self)
        // What is stored in 16 bits is computed with as `float32`.
        case .float16, .bfloat16: rows(of: tensor.widened, at: positions)
        }
    }

    private func rows<Element: TensorElement>(
        of tensor: Tensor, at positions: [Int], as type: Element.Type
    ) -> Tensor {
        let size = tensor.shape.dropFirst().reduce(1, *)
        return tensor.withUnsafeElements(as: type) { source in
            Tensor(shape: [positions.count] + tensor.shape.dropFirst(), as: type) { target in
                for (index, position) in positions.enumerated() {
                    guard 0..<count ~= position else {
                        programmerError("Examples", "no example \(position) of \(count)")
                    }
                    // Sound: both rows are within their tensors, the first by the check.
                    for element in 0..<size {
                        target[index * size + element] = source[position * size + element]
                    }
                }
            }
        }
    }
}
