import Autograd
import Datasets
import Models

extension Pictures {
    /// What the page of a run needs to decode codes by itself, or why it cannot; nil if the samples are
    /// no images, or the model has no codes that it decodes.
    ///
    /// - Parameter known: codes of test samples.
    func explorer(
        _ known: TestCodes, monitor: ProgressMonitor<some Error>
    ) throws -> ExplorerFile? {
        guard SampleTiles(dataset.test).areImages, known.codes[0].count > 0,
            model is any Decodes || model is any DescribesDecoder,
            let encoder = model as? any Encodes
        else { return nil }
        guard let model = model as? any DescribesDecoder, let steps = model.decoderSteps else {
            return ExplorerFile(
                note:
                    "The page has no explorer: the model does not describe its decoder step by step."
            )
        }
        return try ExplorerFile(
            ExplorerMaker(model: model, encoder: encoder, dataset: dataset, known: known)
                .explorer(steps, monitor))
    }
}

/// Puts an explorer together.
private struct ExplorerMaker {
    let model: any DescribesDecoder
    let encoder: any Encodes
    let dataset: Dataset
    let known: Pictures.TestCodes

    private static let mostPoints = 800
    private static let mostClasses = 30
    /// The codes on which the precision of weights is tested.
    private static let tested = 200

    private var prior: CodePrior { (model as? any Generates)?.codePrior ?? .none }

    func explorer(
        _ steps: [NetworkStep], _ monitor: ProgressMonitor<some Error>
    ) throws -> Explorer {
        let tiles = SampleTiles(dataset.test)
        let directions = CodeDirections(
            of: known.codes.flattened(), names: model.codeNames, prior: prior)
        let pictured = steps + Self.toGreyLevels(tiles)
        let precision = PackedTensor.Precision.sufficient(
            for: pictured, on: testedInputs(directions))
        let grid = tiles.grid
        return Explorer(
            decoder: pictured.map { PackedStep($0, precision) }, bits: precision.bits,
            picture: [grid.channels, grid.tileHeight, grid.tileWidth],
            codeShape: Array(known.codes.shape.dropFirst()), areDirections: prior == .directions,
            directions: directions, condition: condition,
            scale: model.codeScale.map { scale in
                Explorer.Scale(
                    mean: scale.mean.map { PackedStep($0, .float32) },
                    logVariance: scale.logVariance.map { PackedStep($0, .float32) })
            },
            samples: try ExplorerSamples(
                of: encoder, on: dataset, tiles, told: told,
                monitor: monitor),
            points: points(directions))
    }

    /// From samples to numbers that are drawn from black to white.
    private static func toGreyLevels(_ tiles: SampleTiles) -> [NetworkStep] {
        guard let range = tiles.range else { return [] }
        let width = range.upperBound - range.lowerBound
        return [
            .affine(
                scale: Tensor([1 / width]).cast(to: .float32),
                shift: Tensor([-range.lowerBound / width]).cast(to: .float32))
        ]
    }

    /// Codes of test samples, and of a grid in the plane, with what is told of them.
    private func testedInputs(_ directions: CodeDirections) -> Tensor {
        let codes = known.codes.gathered(
            at: Tensor(spread(Self.tested, over: known.examples.count).map { Int32($0) }))
        let grid = directions.grid(of: 6, dataType: codes.dataType)
        let all = concatenated([codes.flattened(), grid])
        guard let condition = (model as? any DecodesGiven)?.condition else {
            return all.reshaped([all.shape[0]] + known.codes.shape.dropFirst())
        }
        let told = ToldConditions(of: model, on: dataset).values
        let inTurn = Tensor((0..<all.shape[0]).map { Int32($0 % told.count) })
        let numbers = condition.numbers(told.gathered(at: inTurn), as: codes.dataType)
        return concatenated([all, numbers], axis: 1)
    }

    /// What the decoder is told of samples; nothing where it is told nothing.
    private func told(_ samples: Examples) -> [Double] {
        guard let model = model as? any DecodesGiven else { return [] }
        if model.hasFoundClasses, let finder = model as? any Classifies {
            let batch = samples.batch(0..<samples.count, as: model.dataType)
            return finder.logits(of: batch).argmax().elements(as: Int32.self).map(Double.init)
        }
        return samples.condition?.elements(as: Double.self)
            ?? samples.labels?.elements(as: Int32.self).map(Double.init) ?? []
    }

    private var condition: Explorer.Condition? {
        guard let model = model as? any DecodesGiven else { return nil }
        let told = ToldConditions(of: model, on: dataset).values.cast(to: .float64)
            .elements(as: Double.self)
        switch model.condition {
        case .classes(let count):
            return Explorer.Condition(
                classes: count,
                choices: told.map { value in
                    let index = Int(value)  // Sound: a class number.
                    let names = model.hasFoundClasses ? [] : dataset.classNames
                    return .init(
                        value: index,
                        name: names.indices.contains(index) ? names[index] : "\(index)")
                })
        case .number(let mean, let deviation):
            return Explorer.Condition(
                mean: mean, deviation: deviation, lower: told.min() ?? mean,
                upper: told.max() ?? mean)
        }
    }

    private func points(_ directions: CodeDirections) -> Explorer.Points {
        let chosen = spread(Self.mostPoints, over: known.examples.count)
        let codes = known.codes.flattened().gathered(at: Tensor(chosen.map { Int32($0) }))
        let labels = known.examples.labels?.elements(as: Int32.self)
        let places = directions.places(of: codes, along: 0..<min(2, directions.directions.count))
        return Explorer.Points(
            x: places.first ?? [], y: places.count > 1 ? places[1] : [],
            colors: labels.map { labels in
                chosen.map { labels[$0] < 0 ? "" : Color.category(Int(labels[$0])).css }
            } ?? [])
    }
}

extension CodeDirections {
    /// The places of codes, `[n, size]`, along some directions, to three decimals.
    fileprivate func places(of codes: Tensor, along range: Range<Int>) -> [[Float]] {
        let origin = Tensor(origin, shape: [1, origin.count]).cast(to: codes.dataType)
        return directions[range].map { direction in
            let vector = Tensor(direction.vector, shape: [direction.vector.count, 1])
            return matmul(codes - origin, vector.cast(to: codes.dataType)).cast(to: .float32)
                .elements(as: Float.self).map { ($0 * 1000).rounded() / 1000 }
        }
    }

    /// The codes of a grid over the plane, `[side * side, size]`.
    fileprivate func grid(of side: Int, dataType: DataType) -> Tensor {
        let steps = (0..<side).map { Double($0) / Double(side - 1) }
        let size = origin.count
        let codes = steps.flatMap { up in
            steps.flatMap { across in
                (0..<size).map { index in
                    zip(directions, [across, up]).reduce(Double(origin[index])) { sum, move in
                        let (direction, place) = move
                        let way = direction.lower + (direction.upper - direction.lower) * place
                        return sum + way * Double(direction.vector[index])
                    }
                }
            }
        }
        return Tensor(codes, shape: [side * side, size]).cast(to: dataType)
    }
}
