import Autograd
import Datasets
import Models

/// The pictures that show what a model has learnt, each from tensors to pixels.
///
/// Where many samples may be shown, `report` is told which part of them the model is done with,
/// from 0 to 1; what it throws ends the work.
struct Pictures {
    let model: any AutoencoderModel
    let dataset: Dataset
    private let tiles: SampleTiles
    private let dataType: DataType

    init(of model: any AutoencoderModel, on dataset: Dataset) {
        self.model = model
        self.dataset = dataset
        tiles = SampleTiles(dataset.test)
        dataType = model.tensorType
    }

    /// Test samples, spread over all of them, each above its reconstruction. Of a model that
    /// restores pictures: what it sees of each, what it makes of that, and the picture.
    func reconstructions(
        count: Int, columns: Int = 10, report: (Double) throws -> Void = { _ in }
    ) rethrows -> Picture {
        let examples = testExamples(count)
        let code = try model.codes(of: examples) { try report(0.5 * $0) }
        let samples = examples.scaled().cast(to: dataType)
        var versions = [
            samples, try model.samples(of: code) { try report(0.5 + 0.5 * $0) },
        ]
        if model is any PictureRestorer { versions = [shown(code), versions[1], samples] }
        return tiles.picture(comparing: versions, columns: columns)
    }

    /// Pictures `[n, channels, height, width]` as large, and with as many channels, as samples.
    private func shown(_ pictures: Tensor) -> Tensor {
        let (height, width) = (tiles.grid.tileHeight, tiles.grid.tileWidth)
        let factor = Size2D(
            height: height / pictures.shape[2], width: width / pictures.shape[3])
        return Upsampling2D(factor)(pictures)
            .broadcast(to: [pictures.shape[0], tiles.grid.channels, height, width])
            .reshaped([-1] + dataset.test.shape)
    }

    /// New samples.
    func samples(
        count: Int, columns: Int = 10, seed: UInt64, report: (Double) throws -> Void = { _ in }
    ) rethrows -> Picture {
        var generator = RandomGenerator(seed: seed)
        let samples = try newSamples(count, using: &generator, report: report)
        return tiles.picture(of: samples, columns: columns)
    }

    /// Rows that lead in equal steps from the code of one test sample to that of another.
    func interpolations(
        count: Int, steps: Int = 10, report: (Double) throws -> Void
    ) rethrows -> Picture {
        let codes = try model.codes(of: testExamples(2 * count)) { try report(0.5 * $0) }
        let (first, last) = (codes[0..<count], codes[count..<2 * count])
        let path = stacked(
            (0..<steps).map { step in
                first + (last - first) * (Double(step) / Double(steps - 1))
            }, axis: 1)
        let samples = try model.samples(
            of: path.reshaped([count * steps] + codes.shape.dropFirst())
        ) { try report(0.5 + 0.5 * $0) }
        return tiles.picture(of: samples, columns: steps)
    }

    /// What the codes of a plane decode to, where codes have two components: as a chart shows them,
    /// with more to the right and above.
    ///
    /// - Parameter side: tiles in a row and in a column.
    func manifold(side: Int, report: (Double) throws -> Void) rethrows -> Picture {
        let codes = try manifoldCodes(side: side) { try report(0.5 * $0) }
        let samples = try model.samples(of: codes) { try report(0.5 + 0.5 * $0) }
        return SampleTiles(dataset.test, margin: 0).picture(
            of: samples, columns: side)
    }

    /// The codes of the plane, row by row from above. Where their prior is normal, all neighbours
    /// are equally far apart in probability. Other codes may be meaningful in part of the plane
    /// only, such as probabilities: there the grid is even, and covers what those of test samples
    /// do, without the outermost twentieths.
    func manifoldCodes(side: Int, report: (Double) throws -> Void) rethrows -> Tensor {
        let shape: [Int]
        let ticks: [[Double]]
        if (model as? any GenerativeModel)?.hasNormalPrior == true {
            shape = [2]
            let quantiles = (0..<side).map { normalQuantile((Double($0) + 0.5) / Double(side)) }
            ticks = [quantiles, quantiles]
        } else {
            let codes = try codes(of: dataset.test, report: report)
            shape = Array(codes.shape.dropFirst())
            ticks = (0..<2).map { component in
                let values = codes.flattened().sliced(axis: 1, component..<component + 1)
                    .cast(to: .float64).elements(as: Double.self).sorted()
                let (lower, upper) = (values.quantile(0.05), values.quantile(0.95))
                return (0..<side).map {
                    lower + (upper - lower) * (Double($0) + 0.5) / Double(side)
                }
            }
        }
        let plane = (0..<side * side).flatMap { index in
            [ticks[0][index % side], ticks[1][side - 1 - index / side]]
        }
        return Tensor(plane, shape: [side * side] + shape).cast(to: dataType)
    }

    /// What the units of the first layer look for: their weights, grey where they are zero. Nil
    /// where samples are no pictures, or no layer has a weight for each of their elements.
    func filters(count: Int, columns: Int = 10) -> Picture? {
        let shape = dataset.test.shape
        let elements = shape.reduce(1, *)
        let isDense = { (tensor: Tensor) in tensor.rank == 2 && tensor.shape[1] == elements }
        guard shape.count >= 2,
            let weight = model.parameters.first(where: { isDense($0.tensor) })?.tensor
        else { return nil }
        let shown = weight[0..<min(count, weight.shape[0])]
        let greatest = abs(shown).max(axes: [1], keepingAxes: true)
        let filters = 0.5 + 0.5 * shown / (greatest + 1e-12)
        return tiles.picture(of: filters.reshaped([shown.shape[0]] + shape), columns: columns)
    }

    /// How often each component of the test samples' codes is on.
    var rates: ActivationRates { ActivationRates(codes: model.codes(of: dataset.test)) }

    /// The codes of the test samples in the plane.
    var latentMap: LatentMap {
        LatentMap(
            codes: model.codes(of: dataset.test), of: dataset.test,
            classNames: dataset.classNames)
    }

    /// The test samples themselves along their principal components.
    var principalMap: LatentMap {
        LatentMap(
            codes: dataset.test.scaled(), of: dataset.test, classNames: dataset.classNames)
    }

    // MARK: Samples

    /// Decoded draws from the prior of a model that has one; of another, from the normal
    /// distribution with the mean and the covariance of the training codes.
    private func newSamples(
        _ count: Int, using generator: inout RandomGenerator, report: (Double) throws -> Void
    ) rethrows -> Tensor {
        if let model = model as? any GenerativeModel {
            // Few, as each may be the end of a long Markov chain.
            return try inParts(count, of: 100, report: report) {
                model.sample($0.count, using: &generator)
            }
        }
        let codes = try codes(of: dataset.training) { try report(0.5 * $0) }
        let flat = codes.flattened()
        // A normal combination of the deviations has their covariance.
        let mean = flat.mean(axes: [0])
        let weights = generator.normal([count, flat.shape[0]], dataType: dataType)
        let drawn = mean + matmul(weights, flat - mean) / Double(flat.shape[0]).squareRoot()
        return try model.samples(of: drawn.reshaped([count] + codes.shape.dropFirst())) {
            try report(0.5 + 0.5 * $0)
        }
    }

    /// The codes of as many examples as tell a distribution, spread evenly over all: codes that
    /// are maps of features are large.
    private func codes(
        of examples: Examples, report: (Double) throws -> Void
    ) rethrows -> Tensor {
        try model.codes(
            of: examples[spread(5000, over: examples.count)], report: report)
    }

    /// As many test samples, spread evenly over all; some twice where there are fewer.
    private func testExamples(_ count: Int) -> Examples {
        let available = dataset.test.count
        return dataset.test[
            count <= available
                ? spread(count, over: available) : (0..<count).map { $0 % available }]
    }
}
