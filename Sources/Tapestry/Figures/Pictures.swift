import Autograd
import Datasets
import Models

/// The pictures that show what a model has learnt, each from tensors to pixels.
struct Pictures {
    let model: any AutoencoderModel
    let dataset: Dataset
    private let tiles: SampleTiles
    private let dataType: DataType

    init(of model: any AutoencoderModel, on dataset: Dataset) {
        self.model = model
        self.dataset = dataset
        tiles = SampleTiles(shape: dataset.test.shape)
        dataType = model.tensorType
    }

    /// Test samples, spread over all of them, each above its reconstruction. Of a model that
    /// restores pictures: what it sees of each, what it makes of that, and the picture.
    func reconstructions(count: Int, columns: Int = 10) -> Picture {
        let samples = testSamples(count)
        let code = model.encode(samples)
        var versions = [samples, model.decode(code)]
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
    func samples(count: Int, columns: Int = 10, seed: UInt64) -> Picture {
        var generator = RandomGenerator(seed: seed)
        return tiles.picture(of: newSamples(count, using: &generator), columns: columns)
    }

    /// Rows that lead in equal steps from the code of one test sample to that of another.
    func interpolations(count: Int, steps: Int = 10) -> Picture {
        let codes = model.encode(testSamples(2 * count))
        let (first, last) = (codes[0..<count], codes[count..<2 * count])
        let path = stacked(
            (0..<steps).map { step in
                first + (last - first) * (Double(step) / Double(steps - 1))
            }, axis: 1)
        return tiles.picture(
            of: model.decode(path.reshaped([count * steps] + codes.shape.dropFirst())),
            columns: steps)
    }

    /// What the codes of a plane decode to, where codes have two components: a grid on which
    /// all neighbours are equally far apart in probability.
    ///
    /// - Parameter side: tiles in a row and in a column.
    func manifold(side: Int) -> Picture {
        let quantiles = (0..<side).map { normalQuantile((Double($0) + 0.5) / Double(side)) }
        let plane = (0..<side * side).flatMap { index in
            // Up is more, as in a chart.
            [quantiles[index % side], quantiles[side - 1 - index / side]]
        }
        var codes = Tensor(plane, shape: [side * side, 2]).cast(to: dataType)
        if !(model is any GenerativeModel) {
            let known = trainingCodes
            codes = known.mean(axes: [0]) + codes * sqrt(known.variance(axes: [0]))
        }
        return SampleTiles(shape: dataset.test.shape, margin: 0).picture(
            of: model.decode(codes), columns: side)
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
    private func newSamples(_ count: Int, using generator: inout RandomGenerator) -> Tensor {
        if let model = model as? any GenerativeModel {
            return model.sample(count, using: &generator)
        }
        let codes = trainingCodes
        let flat = codes.flattened()
        // A normal combination of the deviations has their covariance.
        let mean = flat.mean(axes: [0])
        let weights = generator.normal([count, flat.shape[0]], dataType: dataType)
        let drawn = mean + matmul(weights, flat - mean) / Double(flat.shape[0]).squareRoot()
        return model.decode(drawn.reshaped([count] + codes.shape.dropFirst()))
    }

    /// Of as many training samples as tell a distribution, spread evenly over all: codes that are
    /// maps of features are large.
    private var trainingCodes: Tensor {
        let count = min(dataset.training.count, 5000)
        return model.codes(
            of: dataset.training[(0..<count).map { $0 * dataset.training.count / count }])
    }

    /// As many test samples, spread evenly over all; some twice where there are fewer.
    private func testSamples(_ count: Int) -> Tensor {
        let available = dataset.test.count
        let positions = (0..<count).map { index in
            count <= available ? index * available / count : index % available
        }
        return dataset.test[positions].scaled().cast(to: dataType)
    }
}

extension AutoencoderModel {
    /// The data type of the parameters, and so of what the model takes.
    var tensorType: DataType { parameters.first?.tensor.dataType ?? .float32 }

    /// The mean codes of all examples, computed some at a time.
    func codes(of examples: Examples, batchSize: Int = 500) -> Tensor {
        let parts = stride(from: 0, to: examples.count, by: batchSize).map { start in
            let batch = examples[Array(start..<min(start + batchSize, examples.count))]
            return encode(batch.scaled().cast(to: tensorType))
        }
        return concatenated(parts)
    }
}
