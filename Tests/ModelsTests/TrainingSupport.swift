import Autograd
import Foundation

@testable import Models

/// Fifty pictures of 3 × 4 pixels: a bright bar in one of four columns, and some noise.
func bars(_ count: Int = 50, seed: UInt64 = 3) -> Tensor {
    var generator = RandomGenerator(seed: seed)
    let noise = generator.uniform([count, 12], from: 0, to: 40).elements(as: Float.self)
    let pixels = (0..<count * 12).map { index in
        UInt8(noise[index]) + (index % 4 == index / 12 % 4 ? 200 : 0)
    }
    return Tensor(pixels, shape: [count, 12])
}

/// A small variational autoencoder, which draws random numbers in every pass.
typealias TestModel = Autoencoder<
    GaussianEncoder<MultilayerPerceptron>, BernoulliDecoder<MultilayerPerceptron>
>

func makeTrainer(
    inputs: Int = 12, plan: TrainingPlan, modelSeed: UInt64 = 1, learningRate: Double = 1e-2
) -> Trainer<TestModel, Adam> {
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
    var withoutTimes: [EpochRecord] {
        map { record in
            var record = record
            record.seconds = 0
            return record
        }
    }
}

let configuration = Run.Configuration(
    recipe: "vae", settings: Settings(latentSize: 2, hiddenSizes: [16]), data: "digits",
    sampleShape: [28, 28], version: "0.1")
