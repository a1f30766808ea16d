import Autograd
import Datasets
import FileSupport
import Models

/// The pictures that show what a model has learnt, each from tensors to pixels.
///
/// Where many samples may be shown, a monitor is told how far the model is with them.
struct Pictures {
    let model: any Module
    let dataset: Dataset
    private let tiles: SampleTiles
    private let dataType: DataType

    init(of model: any Module, on dataset: Dataset) {
        self.model = model
        self.dataset = dataset
        tiles = SampleTiles(dataset.test)
        dataType = model.dataType
    }

    /// Test samples, spread over all of them, each above its reconstruction by the model. Of one
    /// that restores pictures: what it sees of each, what it makes of that, and the picture.
    func reconstructions<Failure>(
        by model: any Reconstructs, count: Int, columns: Int = 10,
        monitor: ProgressMonitor<Failure> = .silent
    ) throws(Failure) -> Picture {
        let examples = testExamples(count)
        let samples = examples.scaled().cast(to: dataType)
        let made = try model.reconstructions(of: examples, monitor: monitor)
        guard let model = model as? any Restores else {
            return tiles.picture(comparing: [samples, made], columns: columns)
        }
        func degraded(_ part: Range<Int>) -> Tensor {
            // As the model takes them: in parts of the same size, with the same random numbers.
            var generator = RandomGenerator(seed: 0)
            return model.degraded(samples[part], using: &generator)
        }
        let seen = inParts(count, .silent, degraded)
        return tiles.picture(comparing: [shown(seen), made, samples], columns: columns)
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

    /// New samples; nil of a model that can make none.
    ///
    /// - Parameter label: of the class that a model is told; those of all by turns where not given.
    func samples<Failure>(
        count: Int, columns: Int = 10, seed: UInt64, class label: Int32? = nil,
        monitor: ProgressMonitor<Failure> = .silent
    ) throws(Failure) -> Picture? {
        var generator = RandomGenerator(seed: seed)
        let samples = try newSamples(count, of: label, using: &generator, monitor: monitor)
        return samples.map { tiles.picture(of: $0, columns: columns) }
    }

    /// Rows that lead in equal steps from the code of one test sample to that of another.
    func interpolations<Failure>(
        by model: any Encodes & Decodes, count: Int, steps: Int = 10,
        monitor: ProgressMonitor<Failure>
    ) throws(Failure) -> Picture {
        let codes = try model.codes(of: testExamples(2 * count), monitor: monitor.part(0...0.5))
        let (first, last) = (codes[0..<count], codes[count..<2 * count])
        let path = stacked(
            (0..<steps).map { step in
                first + (last - first) * (Double(step) / Double(steps - 1))
            }, axis: 1)
        let samples = try model.samples(
            of: path.reshaped([count * steps] + codes.shape.dropFirst()),
            monitor: monitor.part(0.5...1))
        return tiles.picture(of: samples, columns: steps)
    }

    /// What the codes of a plane decode to, where codes have two components: as a chart shows them,
    /// with more to the right and above.
    ///
    /// - Parameter side: tiles in a row and in a column.
    func manifold<Failure>(
        by model: any Encodes & Decodes, side: Int, monitor: ProgressMonitor<Failure>
    ) throws(Failure) -> Picture {
        let codes = try manifoldCodes(by: model, side: side, monitor: monitor.part(0...0.5))
        let samples = try model.samples(of: codes, monitor: monitor.part(0.5...1))
        return SampleTiles(dataset.test, margin: 0).picture(
            of: samples, columns: side)
    }

    /// The codes of the plane, row by row from above. Where their prior is normal, all neighbours
    /// are equally far apart in probability. Other codes may be meaningful in part of the plane
    /// only, such as probabilities: there the grid is even, and covers what those of test samples
    /// do, without the outermost twentieths.
    func manifoldCodes<Failure>(
        by model: any Encodes, side: Int, monitor: ProgressMonitor<Failure> = .silent
    ) throws(Failure) -> Tensor {
        // Of as many equal parts of the range from 0 to 1.
        let middles = (0..<side).map { (Double($0) + 0.5) / Double(side) }
        let shape: [Int]
        let ticks: [[Double]]
        if (model as? any Generates)?.hasNormalPrior == true {
            shape = [2]
            let quantiles = middles.map { normalQuantile($0) }
            ticks = [quantiles, quantiles]
        } else {
            let codes = try codes(of: dataset.test, by: model, monitor: monitor)
            shape = Array(codes.shape.dropFirst())
            ticks = (0..<2).map { component in
                let values = codes.flattened().sliced(axis: 1, component..<component + 1)
                    .cast(to: .float64).elements(as: Double.self).sorted()
                let (lower, upper) = (values.quantile(0.05), values.quantile(0.95))
                return middles.map { lower + (upper - lower) * $0 }
            }
        }
        let plane = (0..<side * side).flatMap { index -> [Double] in
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
    func rates(of encoder: any Encodes) -> ActivationRates {
        ActivationRates(codes: encoder.codes(of: dataset.test))
    }

    /// The codes of the test samples in the plane.
    func latentMap(of encoder: any Encodes) -> LatentMap {
        LatentMap(
            codes: encoder.codes(of: dataset.test), of: dataset.test,
            classNames: dataset.classNames)
    }

    /// The test samples themselves along their principal components.
    var principalMap: LatentMap {
        LatentMap(
            codes: dataset.test.scaled(), of: dataset.test, classNames: dataset.classNames)
    }

    // MARK: Samples

    /// Samples of a model that makes up some; of another with codes, decoded draws from the normal
    /// distribution with the mean and the covariance of the training codes.
    private func newSamples<Failure>(
        _ count: Int, of label: Int32?, using generator: inout RandomGenerator,
        monitor: ProgressMonitor<Failure>
    ) throws(Failure) -> Tensor? {
        if let model = model as? any Generates {
            let classes = Int32(max(1, dataset.classNames.count))
            // Few, as each may be the end of a long Markov chain.
            return try inParts(count, of: 100, monitor) { part in
                let labels = Tensor(part.map { label ?? Int32($0) % classes })
                return model.sample(
                    part.count, given: model is any Conditional ? labels : nil, using: &generator)
            }
        }
        guard let model = model as? any Encodes & Decodes else { return nil }
        let codes = try codes(of: dataset.training, by: model, monitor: monitor.part(0...0.5))
        let flat = codes.flattened()
        // A normal combination of the deviations has their covariance.
        let mean = flat.mean(axes: [0])
        let weights = generator.normal([count, flat.shape[0]], dataType: dataType)
        let drawn = mean + matmul(weights, flat - mean) / Double(flat.shape[0]).squareRoot()
        return try model.samples(
            of: drawn.reshaped([count] + codes.shape.dropFirst()), monitor: monitor.part(0.5...1))
    }

    /// The codes of as many examples as tell a distribution, spread evenly over all: codes that
    /// are maps of features are large.
    private func codes<Failure>(
        of examples: Examples, by model: any Encodes, monitor: ProgressMonitor<Failure>
    ) throws(Failure) -> Tensor {
        try model.codes(
            of: examples[spread(5000, over: examples.count)], monitor: monitor)
    }

    /// As many test samples, spread evenly over all; some twice where there are fewer.
    private func testExamples(_ count: Int) -> Examples {
        let available = dataset.test.count
        return dataset.test[
            count <= available
                ? spread(count, over: available) : (0..<count).map { $0 % available }]
    }
}

// MARK: - In a run's folder

extension Pictures {
    /// Writes the pictures of what the model can do into the folder of its run.
    ///
    /// - Parameter seed: of what is drawn.
    func write(
        in run: TrainingRun, seed: UInt64, monitor: ProgressMonitor<some Error>
    ) throws {
        let isDrawn = !run.isAboutTable
        if isDrawn, let model = model as? any Reconstructs {
            try AtomicFile.write(
                reconstructions(by: model, count: 30, monitor: monitor).png,
                to: run.file(RunFile.reconstructions))
        }
        if isDrawn, !(model is any Restores) {
            if let samples = try samples(count: 60, seed: seed, monitor: monitor) {
                try AtomicFile.write(samples.png, to: run.file(RunFile.samples))
            }
            if let filters = filters(count: 100) {
                try AtomicFile.write(filters.png, to: run.file(RunFile.filters))
            }
        }
        guard let encoder = model as? any Encodes else { return }
        try rates(of: encoder).write(to: run.file(RunFile.rates))
        try monitor.advance(to: 0.5)
        let map = latentMap(of: encoder)
        try map.write(RunFile.latent, in: run)
        try monitor.advance(to: 0.9)
        if encoder.encode(dataset.test.batch(0..<1, as: dataType)).count == 2 {
            try principalMap.write(RunFile.principal, in: run)
        }
    }
}
