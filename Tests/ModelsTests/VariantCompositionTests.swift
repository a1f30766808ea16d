import Autograd
import Models
import Testing

/// Variants that a user may compose: what the parts are together must not depend on who chose
/// them.
@Suite struct VariantCompositionTests {
    /// Multiplies by random numbers in training.
    private struct Disturbing: Layer {
        func callAsFunction(_ input: Tensor, in context: inout Context) -> Tensor {
            guard context.isTraining else { return input }
            return input * context.generator.uniform(input.shape, dataType: input.dataType)
        }

        mutating func visit(_ visitor: inout ModuleVisitor) {}
    }

    private func model(
        endingIn last: some Layer
    ) -> Autoencoder<PointEncoder<Sequential>, GaussianDecoder<Dense>> {
        var generator = RandomGenerator(seed: 41)
        let body = Sequential {
            Dense(5, 6, using: &generator)
            Activation(.sigmoid)
            last
        }
        let head = Dense(6, 5, using: &generator)
        return Autoencoder(
            encoder: PointEncoder(body),
            decoder: GaussianDecoder(head, scale: .learned)
        ).cast(to: .float64)
    }

    private let input: Tensor = {
        var generator = RandomGenerator(seed: 42)
        return generator.normal([3, 5], dataType: .float64)
    }()

    @Test func sparseCodesAreALayerOfTheBody() {
        let model = model(endingIn: KeepingGreatest(2))
        let codes = model.encode(input)
        #expect(
            (codes .!= 0).cast(to: .float64).sum(axes: [1]).elements(as: Double.self) == [2, 2, 2])
        let objective = Reconstruction() + 0.1 * JacobianPenalty()
        let check = gradientCheck(at: model) { model in
            var context = Context.training(RandomGenerator(seed: 1))
            return objective(model.pass(input, in: &context)).total
        }
        #expect(check.passes, "\(check)")
    }

    @Test func termsSeeTheEncoderOfThePass() {
        let model = model(endingIn: Disturbing())
        var context = Context.training(RandomGenerator(seed: 1))
        let pass = model.pass(input, in: &context)
        #expect(pass.encode(input).isIdentical(to: pass.posterior.mean), "the same random numbers")
        #expect(pass.encode(input).isIdentical(to: pass.encode(input)))
        #expect(!model.encode(input).isIdentical(to: pass.posterior.mean))
        let next = model.pass(input, in: &context)
        #expect(!next.posterior.mean.isIdentical(to: pass.posterior.mean))
    }

    @Test func corruptedInputsHaveCleanTargets() {
        let model = model(endingIn: Disturbing())
        let objective = Reconstruction() + 0.1 * JacobianPenalty()
        let check = gradientCheck(at: model) { model in
            var context = Context.training(RandomGenerator(seed: 1))
            let noise = context.generator.normal(input.shape, dataType: .float64)
            return objective(model.pass(input + 0.3 * noise, target: input, in: &context)).total
        }
        #expect(check.passes, "\(check)")
    }
}
