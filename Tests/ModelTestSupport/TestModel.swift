import Models

/// Fifty images of 3 × 4 pixels: a bright bar in one of four columns, and some noise.
public func bars(_ count: Int = 50, seed: UInt64 = 3) -> Tensor {
    var generator = RandomGenerator(seed: seed)
    let noise = generator.uniform([count, 12], from: 0, to: 40).elements(as: Float.self)
    let pixels = (0..<count * 12).map { index in
        UInt8(noise[index]) + (index % 4 == index / 12 % 4 ? 200 : 0)
    }
    return Tensor(pixels, shape: [count, 12])
}

/// A small variational autoencoder, which draws random numbers in every pass.
public typealias TestModel = LatentVariableModel<
    GaussianEncoder<MultilayerPerceptron>, StandardNormalPrior,
    BernoulliDecoder<MultilayerPerceptron>
>

public typealias TestTrainer = Trainer<SingleObjective<TestModel, Adam>>

public func makeTrainer(
    inputs: Int = 12, plan: TrainingPlan, modelSeed: UInt64 = 1, learningRate: Double = 1e-2
) -> TestTrainer {
    var generator = RandomGenerator(seed: modelSeed)
    let model = TestModel(
        encoder: GaussianEncoder(
            MultilayerPerceptron([inputs, 16], outputActivation: .tanh, using: &generator),
            features: 16, latentSize: 2, using: &generator),
        decoder: BernoulliDecoder(MultilayerPerceptron([2, 16, inputs], using: &generator)))
    return Trainer(
        model, objective: Reconstruction() + KullbackLeibler(),
        optimizer: Adam(for: model, learningRate: learningRate), plan: plan)
}

extension [EpochRecord] {
    /// The records without the time, which no two runs share.
    public var withoutTimes: [EpochRecord] {
        map { record in
            var record = record
            record.seconds = 0
            return record
        }
    }
}

public let configuration: TrainingRun.Configuration = {
    var recipe = VariationalAutoencoder()
    (recipe.latentSize, recipe.hiddenSizes) = (2, [16])
    return try! TrainingRun.Configuration(
        recipe: recipe, data: DataSelection("digits"),
        samples: DataDescription(sampleShape: [28, 28]), version: "0.1")
}()

extension Recipe {
    public var name: String { Self.name }

    /// With a small model, if it can be chosen.
    public func small(latentSize: Int, hiddenSizes: [Int]) throws -> Self {
        var texts = ["latent-size": "\(latentSize)", "active-components": "2", "codes": "8"]
        texts["hidden-sizes"] = hiddenSizes.optionText
        texts["latent-sizes"] = hiddenSizes.map { _ in latentSize }.optionText
        let known = Set(options.map(\.name))
        return try choosing(texts.filter { known.contains($0.key) })
    }

    /// The model for samples of a shape, of three classes.
    public func model(
        _ shape: [Int], table: TableLayout? = nil, using generator: inout RandomGenerator
    ) -> any Module {
        let data = DataDescription(sampleShape: shape, table: table, classes: 3)
        return program(for: data, using: &generator).model
    }

    /// The same of a recipe of autoencoders.
    public func autoencoder(
        _ shape: [Int], table: TableLayout? = nil, using generator: inout RandomGenerator
    ) -> any AutoencoderModel {
        model(shape, table: table, using: &generator) as! any AutoencoderModel
    }
}

extension Batch {
    /// Samples of three classes in turn, as a conditional model needs them; others ignore that.
    public static func labelled(_ input: Tensor) -> Batch {
        Batch(input, labels: Tensor((0..<input.shape[0]).map { Int32($0 % 3) }))
    }
}

/// A recipe with other options.
public func changed<R: Recipe>(_ recipe: R, _ change: (inout R) -> Void) -> R {
    var recipe = recipe
    change(&recipe)
    return recipe
}

extension TrainingProgram {
    /// The metrics of its model as it is.
    public func metrics(on samples: any DataSource, batchSize: Int = 128) throws -> [String: Double]
    {
        try metrics(of: model, on: samples, batchSize: batchSize)
    }
}
