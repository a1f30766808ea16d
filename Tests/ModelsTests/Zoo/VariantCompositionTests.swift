import Autograd
import ModelTestSupport
import Models
import Testing

/// Variants that a user may compose: what the parts are together must not depend on who chose
/// them.
@Suite struct VariantCompositionTests {
    /// Multiplies by random numbers in training.
    private struct Disturbing: Layer {
        func callAsFunction(_ input: Tensor, in context: inout PassContext) -> Tensor {
            guard context.isTraining else { return input }
            return input * context.generator.uniform(input.shape, dataType: input.dataType)
        }

        mutating func visit(_ visitor: inout ModuleVisitor) {}
    }

    private func model(
        endingIn last: some Layer
    ) -> Autoencoder<DeterministicEncoder<Sequential>, GaussianDecoder<Dense>> {
        var generator = RandomGenerator(seed: 41)
        let body = Sequential {
            Dense(5, 6, using: &generator)
            Activation(.sigmoid)
            last
        }
        let head = Dense(6, 5, using: &generator)
        return Autoencoder(
            encoder: DeterministicEncoder(body),
            decoder: GaussianDecoder(head, scale: .learned)
        ).cast(to: .float64)
    }

    private let input: Tensor = {
        var generator = RandomGenerator(seed: 42)
        return generator.normal([3, 5], dataType: .float64)
    }()

    @Test func sparseCodesAreALayerOfTheBody() {
        let model = model(endingIn: TopK(2))
        let codes = model.encode(input)
        #expect(
            (codes .!= 0).cast(to: .float64).sum(axes: [1]).elements(as: Double.self) == [2, 2, 2])
        let objective = model.objective(Reconstruction() + 0.1 * JacobianPenalty())
        let check = gradientCheck(at: model) { model in
            var context = PassContext.training(RandomGenerator(seed: 1))
            return objective(model.pass(input, in: &context)).total
        }
        #expect(check.passes, "\(check)")
    }

    @Test func termsSeeTheEncoderOfThePass() {
        let model = model(endingIn: Disturbing())
        var context = PassContext.training(RandomGenerator(seed: 1))
        let pass = model.pass(input, in: &context)
        #expect(
            pass.output.encode(input).isIdentical(to: pass.posterior.mean),
            "the same random numbers")
        #expect(pass.output.encode(input).isIdentical(to: pass.output.encode(input)))
        #expect(!model.encode(input).isIdentical(to: pass.posterior.mean))
        let next = model.pass(input, in: &context)
        #expect(!next.posterior.mean.isIdentical(to: pass.posterior.mean))
    }

    @Test func corruptedInputsHaveCleanTargets() {
        let model = model(endingIn: Disturbing())
        let objective = model.objective(Reconstruction() + 0.1 * JacobianPenalty())
        let check = gradientCheck(at: model) { model in
            var context = PassContext.training(RandomGenerator(seed: 1))
            let noise = context.generator.normal(input.shape, dataType: .float64)
            return objective(model.pass(input + 0.3 * noise, target: input, in: &context)).total
        }
        #expect(check.passes, "\(check)")
    }

    /// The penalty is of any encoder: of a convolutional one, exactly and estimated.
    @Test(arguments: [nil, 2]) func contractionOfConvolutions(projections: Int?) {
        var generator = RandomGenerator(seed: 43)
        let model = Autoencoder(
            encoder: DeterministicEncoder(
                Sequential {
                    Convolution2D(1, 2, kernel: 3, stride: 2, padding: 1, using: &generator)
                    Activation(.sigmoid)
                }),
            decoder: BernoulliDecoder(
                TransposedConvolution2D(
                    2, 1, kernel: 3, stride: 2, padding: 1, outputPadding: 1, using: &generator))
        ).cast(to: .float64)
        let images = generator.uniform([2, 1, 4, 4], dataType: .float64)
        let objective = model.objective(
            Reconstruction() + 0.3 * JacobianPenalty(projections: projections))
        func pass<Model: AutoencoderModel>(_ model: Model) -> ForwardPass<Model.Output> {
            var context = PassContext.training(RandomGenerator(seed: 1))
            return model.pass(images, in: &context)
        }
        let check = gradientCheck(at: model) { objective(pass($0)).total }
        #expect(check.passes, "\(check)")
        let exact = (0..<2).map { index in
            square(jacobian(at: images[index..<index + 1]) { model.encode($0) }).sum().scalar
        }
        let found = JacobianPenalty(projections: projections.map { _ in 4000 })(pass(model))
        let bound = projections == nil ? 1e-12 : 5 * (2.0 / 4000).squareRoot()
        #expect(zip(exact, found.elements(as: Double.self)).allSatisfy { abs($1 / $0 - 1) < bound })
    }
}
